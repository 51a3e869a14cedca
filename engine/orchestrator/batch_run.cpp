#include "engine/orchestrator/batch_run.hpp"

#include <algorithm>

#include "engine/core/resume.hpp"
#include "engine/model/invariant.hpp"

namespace skald {

namespace {

std::string key_request(const StartRequest& request) { return "start:" + request.idempotency_key; }
std::string id_request(const SagaId& id) { return "start-id:" + id.value; }

Error key_mismatch(const StartRequest& request) {
  return {ErrorCode::idempotency_mismatch,
          "The idempotency key '" + request.idempotency_key + "' was used with other content.",
          "Use a new key for a new saga, or repeat the first request exactly.",
          {}};
}

Error id_mismatch(const SagaId& id) {
  return {ErrorCode::id_conflict,
          "A saga with the id '" + id.value + "' exists and was started with other content.",
          "Choose another id, or repeat the first request exactly.",
          {}};
}

RowChange change_of(const SagaRow& row, std::optional<Status> stored, bool migrated) {
  if (!stored) return RowChange::started;
  if (migrated) return RowChange::any;
  return stored == row.status && !is_end(row.status) ? RowChange::moved : RowChange::status;
}

}  // namespace

void BatchRun::start(StartCommand command) {
  const std::uint64_t print = fingerprint(command.request);
  auto found = earlier(command.request, print);
  if (found && !*found) return begin(std::move(command.request), print, std::move(command.answer));
  tell(std::move(command.answer), found ? Result(**found) : Result<Started>(found.error()));
}

void BatchRun::start_all(StartManyCommand command) {
  for (auto& one : command.starts) start(std::move(one));
}

Result<std::optional<Started>> BatchRun::earlier(const StartRequest& request, std::uint64_t print) {
  if (!request.idempotency_key.empty()) {
    auto found = earlier_under(key_request(request), print, key_mismatch(request));
    if (!found || *found) return found;
  }
  if (!request.id) return std::optional<Started>();
  return earlier_under(id_request(*request.id), print, id_mismatch(*request.id));
}

Result<std::optional<Started>> BatchRun::earlier_under(const std::string& key, std::uint64_t print,
                                                       const Error& mismatch) {
  const auto row = parts_.requests.find(key);
  if (!row) return row.error();
  if (!*row) return std::optional<Started>();
  if ((*row)->fingerprint != print) return mismatch;
  auto id = id_of((*row)->saga);
  if (!id) return id.error();
  return std::optional(Started{std::move(*id), true});
}

Result<SagaId> BatchRun::id_of(SagaKey key) {
  if (const Live* live = parts_.live.find(key)) return live->instance.id;
  const auto row = parts_.reader.find(key);
  if (!row) return row.error();
  if (!*row)
    return Error{ErrorCode::internal, "A stored request names a saga that is not stored.", {}, {}};
  return (*row)->id;
}

void BatchRun::begin(StartRequest request, std::uint64_t print, OnStarted answer) {
  Live live{request.definition, {}};
  Instance& saga = live.instance;
  saga.key = SagaKey{++parts_.last_key};
  saga.id = request.id.value_or(parts_.random.make_saga_id(now_));
  saga.definition = request.definition->ref;
  saga.business_key = request.business_key;
  saga.tags = std::move(request.tags);
  saga.input = request.input;
  saga.parent = request.parent;
  if (!request.idempotency_key.empty()) remember(key_request(request), print, saga.key);
  if (request.id) remember(id_request(*request.id), print, saga.key);
  Live& held = parts_.live.put(std::move(live));
  auto decision = apply_to(
      held, {Start{std::move(request.reason)}, parts_.random.next(), std::move(request.actor)});
  invariant(decision && decision->changed, "a start changed nothing");
  tell(std::move(answer), Result(Started{decision->instance.id, false}));
  accept(held, std::move(*decision), std::nullopt);
  parts_.live.listen(held);
  if (!held.instance.locks.empty() && !is_end(held.instance.status)) {
    parts_.locks.ask(held.instance.key, held.instance.locks);
    grant(held.instance.key);
  }
  grant_waiting();
}

void BatchRun::remember(std::string key, std::uint64_t print, SagaKey saga, std::string answer) {
  requests_.push_back({std::move(key), print, saga, now_, std::move(answer)});
  parts_.requests.add(requests_.back());
}

bool BatchRun::calls_for(SagaKey saga, const Call& call) const {
  return std::any_of(calls_.begin(), calls_.end(), [&](const PlannedCall& planned) {
    return planned.saga == saga && planned.step == call.step && planned.run == call.run &&
           planned.invocation.phase == call.phase && planned.invocation.attempt == call.attempt;
  });
}

void BatchRun::plan_again(SagaKey saga) {
  Live* live = parts_.live.find(saga);
  if (live == nullptr) return;
  for (auto& call : resume(live->instance))
    if (!calls_for(saga, call)) calls_.push_back(plan(*live, std::move(call)));
}

Batch BatchRun::to_commit() {
  Batch batch;
  batch.sagas.reserve(touched_.size());
  for (const auto& [key, stored, migrated] : touched_) {
    const Live& live = *parts_.live.find(key);
    auto& row = batch.sagas.emplace_back(row_of(*live.definition, live.instance));
    row.change = change_of(row, stored, migrated);
    row.before = stored;
  }
  batch.history = std::move(history_);
  batch.requests = std::move(requests_);
  // A saga that was taken up again in this batch has not ended any more.
  std::erase_if(removed_, [this](SagaKey key) { return parts_.live.find(key) != nullptr; });
  batch.removed = removed_;
  batch.requests_before = requests_before_;
  for (const auto& one : registered_)
    batch.definitions.push_back({one->ref, one->hash, one->document.text(), now_});
  return batch;
}

void BatchRun::answer(const Result<void>& commit) {
  for (const auto& answer : answers_) answer(commit);
}

}  // namespace skald
