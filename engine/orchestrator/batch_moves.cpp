#include <algorithm>

#include "engine/core/resume.hpp"
#include "engine/model/invariant.hpp"
#include "engine/orchestrator/batch_run.hpp"
#include "engine/orchestrator/log.hpp"

/// What moves a saga that runs: actions, replies, time, locks.
namespace skald {

namespace {

/// Keys of actions belong to their saga; empty when the request has none.
std::string action_request(const ActCommand& command) {
  if (command.idempotency_key.empty()) return {};
  return "act:" + command.saga.value + ":" + command.idempotency_key;
}

/// What an event says, as far as clients can send it.
struct Content {
  std::string operator()(const Receive& receive) const {
    return joined({receive.signal, receive.payload.text()});
  }
  std::string operator()(const Retry& retry) const { return joined({retry.step, retry.reason}); }
  std::string operator()(const Skip& skip) const {
    return joined(
        {skip.step, std::to_string(static_cast<int>(skip.as)), skip.output.text(), skip.reason});
  }
  std::string operator()(const Compensate& compensate) const { return compensate.reason; }
  std::string operator()(const Cancel& cancel) const { return cancel.reason; }
  std::string operator()(const Pause& pause) const { return pause.reason; }
  std::string operator()(const Resume& resume) const { return resume.reason; }
  std::string operator()(const Terminate& terminate) const { return terminate.reason; }
  std::string operator()(const Note& note) const { return note.text; }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }

 private:
  static std::string joined(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const auto part : parts) all.append(part).push_back('\0');
    return all;
  }
};

Error moved_meanwhile(std::int64_t wanted, std::int64_t revision) {
  return {ErrorCode::revision_mismatch,
          "The saga is at revision " + std::to_string(revision) + ", not at " +
              std::to_string(wanted) + ".",
          "Look at it again, and decide anew.",
          {}};
}

std::uint64_t fingerprint(const Event& event) {
  return skald::fingerprint("event " + std::to_string(event.what.index()),
                            std::visit(Content{}, event.what));
}

}  // namespace

Result<Live*> BatchRun::wake(SagaKey saga) {
  if (Live* live = parts_.live.find(saga)) return live;
  return read(parts_.reader.find(saga));
}

Result<Live*> BatchRun::wake(const SagaId& saga) {
  if (Live* live = parts_.live.find(saga)) return live;
  return read(parts_.reader.find(saga));
}

Result<Live*> BatchRun::read(const Result<std::optional<SagaRow>>& row) {
  if (!row) return row.error();
  if (!*row || is_end((*row)->status)) return static_cast<Live*>(nullptr);
  auto saga = read_saga(parts_.definitions, parts_.reader, **row);
  if (!saga) return saga.error();
  // What waits for its reply was sent, by an earlier process, so it may have had an effect.
  static_cast<void>(resume(saga->instance));
  woken_.push_back(saga->instance.key);
  return &parts_.live.put(std::move(*saga));
}

std::optional<Decision> BatchRun::apply_to(Live& live, const Event& event) const {
  // The instance moves through apply() and back, so no transition copies it.
  Decision decision = apply(*live.definition, std::move(live.instance), event, now_);
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
    tell(std::move(command.answer), Result<Acted>(std::move(why)));
  };
  const std::string key = action_request(command);
  const std::uint64_t print = key.empty() ? 0 : fingerprint(command.event);
  if (!key.empty()) {
    const auto known = seen(key, print);
    if (!known) return refuse(known.error());
    if (*known) return answer_again(std::move(command));
  }
  const auto woken = wake(command.saga);
  if (!woken) return refuse(woken.error());
  Live* live = *woken;
  if (live == nullptr) return refuse(no_live_saga(command.saga));
  const auto revision = live->instance.revision;
  if (command.if_revision && *command.if_revision != revision)
    return refuse(moved_meanwhile(*command.if_revision, revision));
  const Status before = live->instance.status;
  command.event.entropy = parts_.random.next();
  auto decision = apply_to(*live, command.event);
  invariant(decision.has_value(), "an action was neither refused nor did it change anything");
  if (decision->refusal) return refuse(*decision->refusal);
  tell(std::move(command.answer),
       Result(Acted{decision->instance.status, decision->instance.revision}));
  if (!key.empty()) remember(key, print, live->instance.key);
  accept(*live, std::move(*decision), before);
  grant_waiting();
}

void BatchRun::reply(ReplyCommand command) {
  Live* live = parts_.live.find(command.saga);
  if (live == nullptr) return parts_.metrics.late_reply();
  const Status before = live->instance.status;
  auto decision = apply_to(*live, {command.reply, parts_.random.next()});
  if (!decision) return parts_.metrics.late_reply();
  accept(*live, std::move(*decision), before);
  replies_.push_back(std::move(command));
  grant_waiting();
}

void BatchRun::tick(SagaKey saga) {
  const auto woken = wake(saga);
  if (!woken) {
    log::error("a saga cannot be read", {{"why", woken.error().message}});
    return unread_.push_back(saga);
  }
  Live* live = *woken;
  if (live == nullptr) return;
  const Status before = live->instance.status;
  auto decision = apply_to(*live, {Tick{}, parts_.random.next()});
  if (decision) accept(*live, std::move(*decision), before);
  grant_waiting();
}

void BatchRun::accept(Live& live, Decision decision, std::optional<Status> before, bool migrated) {
  const SagaKey key = decision.instance.key;
  if (known_.insert(key).second)
    touched_.push_back({key, before, migrated});
  else if (migrated)
    std::find_if(touched_.begin(), touched_.end(), [&](const Touched& one) {
      return one.saga == key;
    })->migrated = true;
  history_.push_back(history_of(*live.definition, decision.instance, now_, decision.history));
  live.instance = std::move(decision.instance);
  for (auto& effect : decision.effects) {
    if (auto* call = std::get_if<Call>(&effect)) calls_.push_back(plan(live, std::move(*call)));
    if (const auto* stop = std::get_if<StopChild>(&effect))
      stops_.push_back(child_id(*live.definition, live.instance.id, stop->step, stop->run));
    if (auto* alarm = std::get_if<Alarm>(&effect))
      alarms_.emplace_back(live.instance.id, std::move(alarm->reason));
  }
  counted_.push_back({live.definition, before, live.instance.status, std::move(decision.history)});
  if (is_end(live.instance.status)) release_locks(live.instance);
}

/// The same request, when it was carried out before.
Result<std::optional<RequestRow>> BatchRun::seen(const std::string& key, std::uint64_t print) {
  auto row = parts_.requests.find(key);
  if (!row || !*row || (*row)->fingerprint == print) return row;
  return Error{ErrorCode::idempotency_mismatch,
               "The idempotency key was used with other content.",
               "Use a new key for a new request, or repeat the first one exactly.",
               {}};
}

/// The first request was carried out: the answer tells how the saga is now.
void BatchRun::answer_again(ActCommand command) {
  Result<Acted> acted = Acted{};
  if (const Live* live = parts_.live.find(command.saga)) {
    acted = Acted{live->instance.status, live->instance.revision};
  } else if (const auto row = parts_.reader.find(command.saga); !row) {
    acted = row.error();
  } else if (*row) {
    acted = Acted{(*row)->status, (*row)->revision};
  } else {
    acted = no_live_saga(command.saga);
  }
  tell(std::move(command.answer), std::move(acted));
}

void BatchRun::grant(SagaKey key) {
  Live* live = parts_.live.find(key);
  if (live == nullptr || live->instance.locked || !parts_.locks.owns(key, live->instance.locks))
    return;
  const Status before = live->instance.status;
  auto decision = apply_to(*live, {Locked{}, parts_.random.next()});
  if (decision) accept(*live, std::move(*decision), before);
}

void BatchRun::release_locks(const Instance& saga) {
  if (saga.locks.empty()) return;
  for (const SagaKey key : parts_.locks.leave(saga.key, saga.locks)) may_own_.push_back(key);
}

/// A saga that gets its locks may end at once, and so give them to the next.
void BatchRun::grant_waiting() {
  while (!may_own_.empty()) {
    const SagaKey next = may_own_.back();
    may_own_.pop_back();
    grant(next);
  }
}

}  // namespace skald
