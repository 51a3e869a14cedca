#include "engine/core/actions.hpp"

#include <nlohmann/json.hpp>

#include "engine/core/failure.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/unwinding.hpp"
#include "engine/core/values.hpp"

namespace skald::core {

namespace {

/// The saga cannot go on as the table says: it unwinds, or an operator must look.
void break_off(Turn& turn, std::string reason, const Raised& event) {
  if (!why_no_unwind(turn.definition, turn.saga)) {
    note_failure(turn, "defect", reason);
    return begin_unwind(turn, UnwindCause::step_failed, std::move(reason),
                        unwind_target(turn.definition, turn.saga));
  }
  if (event.failed) return park(turn, *event.failed, reason);
  turn.saga.stuck_reason = std::move(reason);
}

/// Each returns why the action failed, or empty. One that throws has changed nothing.
struct Run {
  Turn& turn;
  const Raised& event;

  std::string operator()(const CallStep& call) const {
    begin_step(turn, call.step);
    return {};
  }
  std::string operator()(const NativeAction& action) const {
    try {
      auto data = turn.saga.data.is_null() ? nlohmann::json::object() : turn.saga.data.value();
      action.run(turn.view(), view_of(turn, event), data);
      turn.saga.data = Json(data);
      return {};
    } catch (const std::exception& e) {
      return "action '" + action.name + "' failed: " + e.what();
    }
  }
  std::string operator()(const RaiseEvent& raise) const {
    Raised raised{.event = raise.event, .from = Raised::From::table};
    if (raise.payload) {
      auto payload = evaluate(raise.payload, turn.view(), view_of(turn, event));
      if (!payload)
        return "the event '" + turn.definition.at(raise.event) +
               "' cannot be raised: " + payload.error().message;
      raised.payload = std::move(*payload);
    }
    turn.raised.push_back(std::move(raised));
    return {};
  }
  // Where the saga goes with these is decided by the transition that has them.
  std::string operator()(const UnwindAll&) const { return {}; }
  std::string operator()(const DeferEvent&) const { return {}; }
  std::string operator()(const Park&) const { return {}; }
};

}  // namespace

bool run_actions(Turn& turn, const std::vector<Action>& actions, const Raised& event) {
  for (const auto& action : actions) {
    std::string why = std::visit(Run{turn, event}, action);
    if (why.empty()) continue;
    break_off(turn, std::move(why), event);
    return false;
  }
  return true;
}

}  // namespace skald::core
