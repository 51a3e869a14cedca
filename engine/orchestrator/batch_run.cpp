#include "engine/orchestrator/batch_run.hpp"

#include "engine/model/codec.hpp"
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

SagaRow row_of(const Live& live) {
  const Instance& saga = live.instance;
  return {saga.key,        saga.id,
          saga.definition, saga.business_key,
          saga.status,     saga.created,
          saga.updated,    saga.ended,
          saga.revision,   encode_instance(*live.definition, saga)};
}

}  // namespace

void BatchRun::start(StartCommand command) {
  const std::uint64_t print = fingerprint(command.request);
  auto found = earlier(command.request, print);
  if (found && !*found) return begin(std::move(command.request), print, std::move(command.answer));
  // The earlier start may be in this very batch: its replay, too, is answered after the commit.
  answers_.push_back(
      [found = std::move(found), answer = std::move(command.answer)](const Result<void>& commit) {
        if (!found) return answer(found.error());
        if (!commit) return answer(commit.error());
        answer(**found);
      });
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
  saga.id = request.id.value_or(parts_.random.make_saga_id(parts_.now));
  saga.definition = request.definition->ref;
  saga.business_key = request.business_key;
  saga.tags = std::move(request.tags);
  saga.input = request.input;
  const auto remember = [&](std::string key) {
    requests_.push_back({std::move(key), print, saga.key, parts_.now});
    parts_.requests.add(requests_.back());
  };
  if (!request.idempotency_key.empty()) remember(key_request(request));
  if (request.id) remember(id_request(*request.id));
  Live& held = parts_.live.put(std::move(live));
  Decision decision =
      apply(*held.definition, held.instance, {Start{}, parts_.random.next()}, parts_.now);
  invariant(decision.changed, "a start changed nothing");
  answers_.push_back(
      [id = held.instance.id, answer = std::move(answer)](const Result<void>& commit) {
        if (!commit) return answer(commit.error());
        answer(Started{id, false});
      });
  accept(held, std::move(decision), std::nullopt);
}

std::optional<Decision> BatchRun::apply_to(Live& live, const Event& event) const {
  // The instance moves through apply() and back, so no transition copies it.
  Decision decision = apply(*live.definition, std::move(live.instance), event, parts_.now);
  if (decision.changed) return decision;
  live.instance = std::move(decision.instance);
  if (!decision.refusal) return std::nullopt;
  return decision;
}

Error BatchRun::no_live_saga(const SagaId& id) {
  const auto row = parts_.reader.find(id);
  if (!row) return row.error();
  if (!*row)
    return {ErrorCode::not_found, "There is no saga with the id '" + id.value + "'.", {}, {}};
  return {ErrorCode::action_not_allowed,
          "The saga has ended; its status is '" + std::string(name_of((*row)->status)) + "'.",
          "No action is allowed in this status.",
          {}};
}

void BatchRun::act(ActCommand command) {
  const auto refuse = [&](Error why) {
    answers_.push_back([answer = std::move(command.answer),
                        why = std::move(why)](const Result<void>&) { answer(why); });
  };
  Live* live = parts_.live.find(command.saga);
  if (live == nullptr) return refuse(no_live_saga(command.saga));
  const Status before = live->instance.status;
  command.event.entropy = parts_.random.next();
  auto decision = apply_to(*live, command.event);
  invariant(decision.has_value(), "an action was neither refused nor did it change anything");
  if (decision->refusal) return refuse(*decision->refusal);
  const Acted acted{decision->instance.status, decision->instance.revision};
  answers_.push_back([acted, answer = std::move(command.answer)](const Result<void>& commit) {
    if (!commit) return answer(commit.error());
    answer(acted);
  });
  accept(*live, std::move(*decision), before);
}

void BatchRun::reply(ReplyCommand command) {
  Live* live = parts_.live.find(command.saga);
  if (live == nullptr) return parts_.metrics.late_reply();
  const Status before = live->instance.status;
  auto decision = apply_to(*live, {command.reply, parts_.random.next()});
  if (!decision) return parts_.metrics.late_reply();
  accept(*live, std::move(*decision), before);
  replies_.push_back(std::move(command));
}

void BatchRun::tick(SagaKey saga) {
  Live* live = parts_.live.find(saga);
  if (live == nullptr) return;
  const Status before = live->instance.status;
  auto decision = apply_to(*live, {Tick{}, parts_.random.next()});
  if (decision) accept(*live, std::move(*decision), before);
}

void BatchRun::accept(Live& live, Decision decision, std::optional<Status> before) {
  const SagaKey key = decision.instance.key;
  if (known_.insert(key).second) touched_.emplace_back(key, !before);
  history_.push_back(
      {key, decision.instance.revision, parts_.now, encode_history(decision.history)});
  for (auto& effect : decision.effects) {
    if (auto* call = std::get_if<Call>(&effect)) calls_.push_back({key, std::move(*call)});
    if (auto* alarm = std::get_if<Alarm>(&effect))
      alarms_.emplace_back(decision.instance.id, std::move(alarm->reason));
  }
  counted_.push_back(
      {live.definition, before, decision.instance.status, std::move(decision.history)});
  live.instance = std::move(decision.instance);
}

Batch BatchRun::to_commit() const {
  Batch batch;
  batch.sagas.reserve(touched_.size());
  for (const auto& [key, started] : touched_) batch.sagas.push_back(row_of(*parts_.live.find(key)));
  batch.history = history_;
  batch.requests = requests_;
  return batch;
}

void BatchRun::answer(const Result<void>& commit) {
  for (const auto& answer : answers_) answer(commit);
}

}  // namespace skald
