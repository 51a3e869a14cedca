#include "examples/services/service/guard.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/participants/barrier/barrier.hpp"
#include "examples/services/service/journal.hpp"

namespace skald::services {

namespace {

/// The value of `result`; an error of the barrier is one of the database and ends the transaction.
template <class T>
T require(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

void remember(Database& db, const barrier::Call& call, const Answer& answer) {
  const auto stored = barrier::remember(db.connection(), call, {answer.status, answer.body.text()});
  if (!stored) throw std::runtime_error(stored.error().message);
}

/// Acts; what a refused action may have written is taken back.
Answer act(Database& db, const Action& action, const Call& call) {
  db.script("SAVEPOINT act");
  Answer answer = action(db, call);
  if (!answer.accepted()) db.script("ROLLBACK TO act");
  db.script("RELEASE act");
  return answer;
}

Answer run(Database& db, const barrier::Call& barrier_call, const GuardedRequest& request,
           const GuardedAction& action, const Fate& fate) {
  const bool undo = !barrier_call.forward_key.empty();
  const Answer answer = fate.refuse ? refused(action.refusal_code, "Refused by the knob 'refuse'.")
                                    : act(db, action.act, request.call);
  // A refused undo may succeed once an operator has removed the reason, so it is not remembered.
  if (answer.accepted() || (answer.status == 409 && !undo)) remember(db, barrier_call, answer);
  return answer;
}

/// Does what the barrier says; fills in what the journal tells of it.
Answer judge_and_act(Database& db, const barrier::Call& barrier_call, const GuardedRequest& request,
                     const GuardedAction& action, const Fate& fate, journal::Entry& entry) {
  if (fate.error_status != 0) {
    entry.decision = "error";
    return problem(fate.error_status, "broken", "Broken on purpose, before any effect.");
  }
  auto verdict = require(barrier::enter(db.connection(), barrier_call));
  entry.decision = barrier::name_of(verdict.decision);
  switch (verdict.decision) {
    case barrier::Decision::replay:
      return {verdict.stored.status, Json::from_stored(std::move(verdict.stored.body))};
    case barrier::Decision::refuse_late:
      return refused("already_undone", "The undo of this call came first.");
    case barrier::Decision::mismatch:
      return problem(422, "key_reused", "This Idempotency-Key came with other content before.");
    case barrier::Decision::null_undo: {
      const Answer answer = ok({{"undone", false}, {"why", "there was no effect to undo"}});
      remember(db, barrier_call, answer);
      return answer;
    }
    case barrier::Decision::run_it:
      break;
  }
  Answer answer = run(db, barrier_call, request, action, fate);
  entry.effect = answer.accepted();
  return answer;
}

}  // namespace

GuardedAnswer perform(Database& db, const Knobs& knobs, const GuardedRequest& request,
                      const GuardedAction& action) {
  const auto barrier_call =
      barrier::read_call({request.saga, request.step, request.phase, request.key},
                         barrier::fingerprint(request.method, request.path, request.raw_body));
  if (!barrier_call)
    return {bad_request(barrier_call.error().message, barrier_call.error().findings)};
  const bool undo = !barrier_call->forward_key.empty();

  Transaction transaction(db);
  journal::Entry entry{
      .at_us = request.call.now_us,
      .saga = request.saga,
      .step = request.step,
      .phase = undo ? "undo" : "forward",
      .attempt = request.attempt.value_or(journal::count(db, barrier_call->key) + 1),
      .key = barrier_call->key,
      .operation = request.method + " " + request.path};
  const Fate fate = fate_of(knobs, barrier_call->key, entry.attempt, undo);
  GuardedAnswer given{judge_and_act(db, *barrier_call, request, action, fate, entry)};
  given.delay = fate.delay;
  given.lost = fate.lose_reply && fate.error_status == 0;
  const bool spoilt = fate.error_after_effect && fate.error_status == 0 && !given.lost;
  entry.status = given.answer.status;
  entry.reply = given.lost ? "lost" : spoilt || fate.error_status != 0 ? "error" : "sent";
  journal::append(db, entry);
  transaction.commit();
  if (spoilt) given.answer = problem(500, "broken", "Broken on purpose, after the effect.");
  return given;
}

}  // namespace skald::services
