#include "engine/testing/injection.hpp"

#include <array>
#include <set>

namespace skald::testing {

namespace {

using Kind = Injection::Kind;

/// For a participant the saga gives up on.
std::string never(Fate::Kind fate) {
  switch (fate) {
    case Fate::Kind::lost:
      return "never answers";
    case Fate::Kind::unheard:
      return "never hears";
    case Fate::Kind::unreachable:
      return "never reached";
    case Fate::Kind::working:
      return "never ready";
    default:
      return "always " + std::string(name_of(fate));
  }
}

void into_attempts(const Call& call, std::vector<Injection>& made) {
  static constexpr std::array once{
      Fate::Kind::refused, Fate::Kind::defect,  Fate::Kind::lost,
      Fate::Kind::unheard, Fate::Kind::working, Fate::Kind::unreachable,
      Fate::Kind::twice,   Fate::Kind::late,    Fate::Kind::slow};
  static constexpr std::array always{Fate::Kind::lost, Fate::Kind::unheard, Fate::Kind::unreachable,
                                     Fate::Kind::working};
  const Injection at{.kind = Kind::once, .step = call.step, .phase = call.phase, .run = call.run};
  const auto add = [&](Kind kind, Fate::Kind fate) {
    made.push_back(at);
    made.back().kind = kind;
    made.back().fate = fate;
  };
  // What a participant is asked about it cannot refuse.
  const bool probe = call.phase == Phase::probe;
  for (const auto fate : once)
    if (!probe || fate != Fate::Kind::refused) add(Kind::once, fate);
  for (const auto fate : always) add(Kind::always, fate);
}

}  // namespace

std::string column_of(const Injection& injection) {
  switch (injection.kind) {
    case Kind::once:
      return std::string(name_of(injection.fate));
    case Kind::always:
      return never(injection.fate);
    case Kind::crash_unsent:
    case Kind::crash_arrived:
      return "restart";
    case Kind::cancel:
      return "cancel";
    case Kind::compensate:
      return "compensate";
    case Kind::deadline:
      return "deadline";
    case Kind::time:
      return "time";
    case Kind::signal:
      return "signal";
  }
  return "";
}

std::string text_of(const Definition& definition, const Injection& injection) {
  if (injection.of_attempt()) {
    std::string what = "'" + definition.at(injection.step).id + "'";
    if (injection.run > 1) what += " (run " + std::to_string(injection.run) + ")";
    if (injection.phase == Phase::undo) what = "the undo of " + what;
    if (injection.phase == Phase::probe) what = "the probe of " + what;
    return what + ": " + column_of(injection);
  }
  std::string what = column_of(injection);
  if (injection.kind == Kind::signal) what += " '" + injection.signal + "'";
  if (injection.kind == Kind::crash_unsent) what += ", nothing was sent,";
  if (injection.kind == Kind::crash_arrived) what += ", everything had arrived,";
  return what + " after transition " + std::to_string(injection.commit);
}

std::vector<Injection> injections_into(const Definition& definition, const Run& run) {
  std::vector<Injection> made;
  std::set<std::tuple<StepIndex, Phase, std::uint32_t>> known;
  for (const auto& call : run.calls())
    if (known.emplace(call.step, call.phase, call.run).second) into_attempts(call, made);
  for (std::uint32_t commit = 1; commit <= run.commits(); ++commit) {
    const auto add = [&](Kind kind) { made.push_back({.kind = kind, .commit = commit}); };
    for (const auto kind :
         {Kind::crash_unsent, Kind::crash_arrived, Kind::cancel, Kind::compensate, Kind::time})
      add(kind);
    if (definition.deadline) add(Kind::deadline);
    for (const auto& signal : definition.signals) {
      add(Kind::signal);
      made.back().signal = signal.name;
    }
  }
  return made;
}

}  // namespace skald::testing
