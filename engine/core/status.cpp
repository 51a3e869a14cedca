#include "engine/core/status.hpp"

#include <algorithm>

#include "engine/core/unwinding.hpp"

namespace skald {

std::vector<std::string_view> allowed_actions(const Definition& definition, const Instance& saga) {
  if (is_end(saga.status)) return {};
  if (saga.paused) return {"resume", "terminate"};
  std::vector<std::string_view> actions;
  const bool waits = std::any_of(saga.pending.begin(), saga.pending.end(),
                                 [](const Pending& p) { return p.wait != Pending::Wait::reply; });
  if (waits) actions.insert(actions.end(), {"retry", "skip"});
  if (!waits && saga.parking && saga.pending.empty()) actions.emplace_back("retry");
  if (!core::why_no_unwind(definition, saga))
    actions.insert(actions.end(), {"compensate", "cancel"});
  actions.insert(actions.end(), {"pause", "terminate"});
  return actions;
}

namespace core {

Error not_allowed(const Definition& definition, const Instance& saga, std::string_view why) {
  const auto actions = allowed_actions(definition, saga);
  std::string allowed;
  for (const auto action : actions) allowed.append(allowed.empty() ? "" : ", ").append(action);
  return {
      ErrorCode::action_not_allowed,
      std::string(why) + "; its status is '" + std::string(name_of(saga.status)) + "'.",
      allowed.empty() ? "No action is allowed in this status." : "Allowed now: " + allowed + ".",
      {}};
}

namespace {

std::string stuck_on(const Turn& turn, const Pending& pending) {
  const std::string& step = turn.definition.at(pending.step).id;
  const std::string what = pending.phase == Phase::undo ? "the undo of step '" : "step '";
  return what + step + "' needs an operator after attempt " + std::to_string(pending.attempt) +
         ": " + pending.last_error;
}

}  // namespace

void update_status(Turn& turn) {
  Instance& saga = turn.saga;
  if (is_end(saga.status)) return;
  if (saga.paused) {
    saga.stuck_reason.clear();  // found again when it goes on
    saga.status = Status::paused;
    return;
  }
  const bool was_stuck = saga.status == Status::stuck;
  for (const auto& pending : saga.pending)
    if (pending.wait == Pending::Wait::hand) saga.stuck_reason = stuck_on(turn, pending);
  if (saga.stuck_reason.empty()) {
    saga.status = saga.unwind ? Status::compensating : Status::running;
    return;
  }
  saga.status = Status::stuck;
  if (was_stuck) return;
  turn.note({.kind = HistoryKind::stuck, .message = saga.stuck_reason});
  turn.effects.push_back(Alarm{saga.stuck_reason});
}

}  // namespace core

}  // namespace skald
