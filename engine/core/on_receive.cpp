#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/handlers.hpp"
#include "engine/core/machine.hpp"
#include "engine/core/status.hpp"

namespace skald::core {

namespace {

/// So many early signals are kept for one saga; more are a sender in a loop.
constexpr std::size_t kept_max = 1000;

Error unknown_signal(const Definition& definition, const std::string& name) {
  std::string names;
  for (const auto& signal : definition.signals)
    names.append(names.empty() ? "" : ", ").append(signal.name);
  return {ErrorCode::not_found,
          "The definition '" + definition.ref.name + "' has no signal '" + name + "'.",
          names.empty() ? "It declares no signals." : "Its signals: " + names + ".",
          {}};
}

}  // namespace

std::optional<Error> on_receive(Turn& turn, const Receive& receive) {
  const Signal* signal = turn.definition.find_signal(receive.signal);
  if (signal == nullptr) return unknown_signal(turn.definition, receive.signal);
  if (signal->payload.check) {
    auto findings = signal->payload.check(receive.payload.value(), "/payload");
    if (!findings.empty())
      return Error{ErrorCode::invalid_argument,
                   "The payload does not fit the signal '" + signal->name + "'.",
                   {},
                   std::move(findings)};
  }
  Raised event{.event = signal->event, .payload = receive.payload, .from = Raised::From::signal};
  const bool handled = turn.saga.locked && !unwinding(turn) && handles(turn, event);
  if (!handled && signal->unexpected == WhenUnexpected::refuse)
    return not_allowed(turn.definition, turn.saga,
                       "Nothing waits for the signal '" + signal->name + "' now");
  if (!handled && turn.saga.kept.size() >= kept_max)
    return Error{ErrorCode::overloaded,
                 "The saga keeps " + std::to_string(kept_max) + " early events already.",
                 "Send it when the saga can handle it.",
                 {}};
  turn.note({.kind = HistoryKind::signalled, .state = signal->name, .payload = receive.payload});
  if (handled)
    turn.raised.push_back(std::move(event));
  else if (signal->unexpected == WhenUnexpected::keep)
    keep(turn, event);
  return std::nullopt;
}

}  // namespace skald::core
