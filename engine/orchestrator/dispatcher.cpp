#include "engine/orchestrator/dispatcher.hpp"

namespace skald {

namespace {

const Operation& operation_of(const Step& step, Phase phase) {
  if (phase == Phase::forward) return step.call;
  return phase == Phase::undo ? *step.undo : *step.probe;
}

ChildCall child_of(const Live& live, const Call& call) {
  const Instance& saga = live.instance;
  const Definition& definition = *live.definition;
  return {child_id(definition, saga.id, call.step, call.run),
          {saga.id, definition.at(call.step).id, call.run},
          saga.unwind && !saga.unwind->finished};
}

}  // namespace

PlannedCall plan(const Live& saga, Call call) {
  const Definition& definition = *saga.definition;
  const SagaId& id = saga.instance.id;
  const Step& step = definition.at(call.step);
  PlannedCall planned{
      .saga = saga.instance.key,
      .definition = saga.definition,
      .step = call.step,
      .run = call.run,
      .invocation = {.saga = id,
                     .definition = definition.ref,
                     .step = step.id,
                     .phase = call.phase,
                     .attempt = call.attempt,
                     .idempotency_key = idempotency_key(definition, id, call),
                     .timeout = step.timeout,
                     .retry = call.phase == Phase::undo ? &step.undo_retry : &step.retry},
      .child = {}};
  if (InnerCalls::handles(operation_of(step, call.phase))) planned.child = child_of(saga, call);
  planned.invocation.address = std::move(call.address);
  planned.invocation.body = std::move(call.body);
  return planned;
}

void Dispatcher::send(PlannedCall call) {
  Invocation& invocation = call.invocation;
  const Operation& operation = operation_of(call.definition->at(call.step), invocation.phase);
  const bool outside = !InnerCalls::handles(operation);
  const auto replied = [this, outside, saga = call.saga, step = call.step, run = call.run,
                        phase = invocation.phase, attempt = invocation.attempt](Outcome outcome) {
    static_cast<void>(inbox_.push(
        ReplyCommand{saga, {step, run, phase, attempt, std::move(outcome)}, outside}, false));
  };
  if (!outside)
    return inner_.invoke(operation, std::move(invocation), std::move(call.child), replied);
  out_.begin();
  participants_.invoke(operation, std::move(invocation), replied);
}

}  // namespace skald
