#include "engine/core/loops.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/abandon.hpp"
#include "engine/core/failure.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/values.hpp"

namespace skald::core {

namespace {

using nlohmann::json;

std::string why_not(const Result<Json>& items) {
  if (!items) return items.error().message;
  if (!items->value().is_array())
    return "it is " + std::string(items->value().type_name()) + " and must be a list";
  if (items->value().size() > for_each_items_max)
    return "it has " + std::to_string(items->value().size()) + " items; at most " +
           std::to_string(for_each_items_max) + " are run";
  return {};
}

void begin_next(Turn& turn, StepIndex step, Loop& loop) {
  const auto at = loop.begun++;
  begin_item(turn, step, loop.first_run + at, Json(loop.items.value()[at]));
}

Json outputs_of(const Instance& saga, StepIndex step, const Loop& loop) {
  json outputs(loop.begun, nullptr);
  for (const auto& entry : saga.log)
    if (entry.step == step && entry.run >= loop.first_run &&
        entry.run < loop.first_run + loop.begun)
      outputs[entry.run - loop.first_run] = entry.output.value();
  return Json(outputs);
}

void loop_done(Turn& turn, StepIndex step, Loop& loop) {
  loop.outputs = outputs_of(turn.saga, step, loop);
  turn.raised.push_back({.event = turn.definition.at(step).done_event, .payload = loop.outputs});
}

/// The event of a named outcome, or else the step's own.
EventIndex event_for(const Step& step, const std::string& name, EventIndex otherwise) {
  const auto named = step.outcome_events.find(name);
  return named == step.outcome_events.end() ? otherwise : named->second;
}

}  // namespace

void begin_loop(Turn& turn, StepIndex index) {
  const Step& step = turn.definition.at(index);
  const auto items = evaluate(step.for_each->items, turn.view());
  std::string why = why_not(items);
  if (!why.empty()) {
    const Pending nothing{.step = index, .begun = turn.now};
    why = "the list of '" + step.id + "' cannot be made: " + why;
    turn.note({.kind = HistoryKind::refused, .step = step.id, .message = why});
    return raise_failure(turn, nothing, {.code = "defect", .message = why, .defect = true});
  }
  const auto earlier = turn.saga.loops.find(index);
  const auto first =
      earlier == turn.saga.loops.end() ? 1 : earlier->second.first_run + earlier->second.begun;
  Loop& loop = turn.saga.loops[index];
  loop = {.items = *items, .first_run = first};
  const auto at_once = std::min<std::size_t>(items->value().size(), step.for_each->concurrency);
  for (std::size_t i = 0; i < at_once; ++i) begin_next(turn, index, loop);
  if (items->value().empty()) loop_done(turn, index, loop);
}

std::uint32_t item_index(const Instance& saga, StepIndex step, std::uint32_t run) {
  const auto loop = saga.loops.find(step);
  return loop == saga.loops.end() || run < loop->second.first_run ? 0
                                                                  : run - loop->second.first_run;
}

void item_done(Turn& turn, const Pending& settled) {
  Loop& loop = turn.saga.loops[settled.step];
  if (settled.run < loop.first_run) return;  // of an earlier time the step ran
  ++loop.done;
  const std::size_t size = loop.items.value().size();
  if (loop.begun < size) return begin_next(turn, settled.step, loop);
  if (loop.done == size) loop_done(turn, settled.step, loop);
}

void raise_done(Turn& turn, const Pending& settled, const Done& done) {
  const Step& step = turn.definition.at(settled.step);
  if (step.for_each) return item_done(turn, settled);
  turn.raised.push_back(
      {.event = event_for(step, done.outcome, step.done_event), .payload = done.output});
}

void raise_failure(Turn& turn, const Pending& settled, const Failed& failed) {
  const Step& step = turn.definition.at(settled.step);
  const std::string reason = failed.message.empty() ? failed.code : failed.message;
  note_failure(turn, step, failed, reason);
  Pending kept = settled;
  kept.last_error = reason;
  turn.raised.push_back({.event = event_for(step, failed.code, step.failed_event),
                         .code = failed.code,
                         .payload = failed.details,
                         .failed = std::move(kept),
                         .reason = reason});
  if (step.for_each && step.kind != StepKind::retriable) abandon_step(turn, settled.step);
}

}  // namespace skald::core
