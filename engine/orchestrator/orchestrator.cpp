#include "engine/orchestrator/orchestrator.hpp"

#include <algorithm>
#include <deque>
#include <thread>

#include "engine/core/resume.hpp"
#include "engine/model/invariant.hpp"
#include "engine/orchestrator/batch_run.hpp"
#include "engine/orchestrator/in_flight.hpp"
#include "engine/orchestrator/inbox.hpp"
#include "engine/orchestrator/inner_calls.hpp"
#include "engine/orchestrator/lock_table.hpp"
#include "engine/orchestrator/log.hpp"
#include "engine/orchestrator/start_check.hpp"
#include "engine/orchestrator/timers.hpp"

namespace skald {

namespace {

using namespace std::chrono_literals;

/// As many commands as one commit takes at most; what waits longer goes into the next.
constexpr std::size_t batch_max = 1024;
/// How long the thread waits when nothing is due, and how often a full disk is tried again.
constexpr std::chrono::milliseconds idle_wait = 1000ms;
constexpr std::chrono::milliseconds disk_full_wait = 250ms;
/// How soon a saga that could not be read is tried again.
constexpr std::chrono::milliseconds unread_wait = 60s;
/// A saga that waits for time stays in memory when it is due so soon.
constexpr std::chrono::milliseconds due_soon = 10s;
/// After a start, calls that an earlier process had sent are sent again so many sagas at a time, so
/// that new work is not held up.
constexpr std::size_t resent_at_once = 256;

bool core_unwinding(const Instance& saga) { return saga.unwind && !saga.unwind->finished; }

struct Watch {
  WatchId id{};
  std::function<void()> ended;
};

}  // namespace

struct Orchestrator::Impl {
  explicit Impl(OrchestratorParts given)
      : parts(std::move(given)),
        writer(parts.store.writer()),
        reader(parts.store.reader()),
        requests(writer),
        inner(inbox, parts.definitions, reader) {}

  OrchestratorParts parts;
  StoreWriter& writer;
  StoreReader& reader;
  Inbox inbox;
  LiveSagas live;
  LockTable locks;
  Timers timers;
  RequestIndex requests;
  Metrics metrics;
  std::int64_t last_key = 0;
  std::vector<ReplyCommand> retained;    ///< replies of a batch that could not be stored
  Timestamp quiet_until{};               ///< until then a full disk is not tried again by ourselves
  std::vector<SagaKey> recovered_locks;  ///< sagas that waited for locks that may be free now
  std::deque<SagaKey> recovered;         ///< sagas in the store whose calls were out
  std::vector<SagaKey> unsent;           ///< sagas in memory whose calls are to be sent again
  std::unordered_map<SagaId, std::vector<Watch>> watches;
  std::atomic<std::uint64_t> next_watch{1};
  std::atomic<Health> health{Health::starting};
  std::atomic<bool> draining{false};
  std::atomic<bool> ending{false};
  InFlight in_flight;
  InnerCalls inner;
  std::jthread thread;

  Result<void> recover();
  Result<void> load(const LiveRow& row);
  std::size_t step(std::chrono::milliseconds patience);
  [[nodiscard]] std::chrono::milliseconds time_to_wait(std::chrono::milliseconds patience);
  void handle(BatchRun& run, Command& command);
  void handle_wait(Command& command);
  [[nodiscard]] Result<void> commit(BatchRun& run);
  void wake_recovered(BatchRun& run);
  void release(BatchRun& run);
  void resend(const BatchRun& run);
  void settle_down(SagaKey key);
  void take_back(BatchRun& run, const Error& error);
  void reload(const Touched& touched);
  void dispatch(const PlannedCall& planned);
  void wake_watchers(const SagaId& saga);
  void rebuild_locks();
  void stop_child(SagaKey saga, const StopChild& stop);
  void watch(WatchCommand command);
  void unwatch(const UnwatchCommand& command);
  void at(CrashPoint point) const {
    if (parts.at_crash_point) parts.at_crash_point(point);
  }
  [[nodiscard]] std::optional<Error> closed() const;

  /// Hands a client's command to the thread, or refuses it at once.
  template <class Request>
  void ask(Request command) {
    const auto answer = command.answer;
    if (const auto why = closed()) return answer(*why);
    if (!inbox.push(std::move(command), true))
      answer(
          Error{ErrorCode::overloaded, "Too many requests wait already.", "Try again later.", {}});
  }
};

Result<void> Orchestrator::Impl::recover() {
  const auto key = writer.last_key();
  if (!key) return key.error();
  last_key = number(*key);
  auto read = writer.for_each_request([this](const RequestRow& row) { requests.loaded(row.key); });
  if (!read) return read;
  std::optional<Error> refused;
  std::size_t count = 0;
  read = writer.for_each_live([&](const LiveRow& row) {
    ++count;
    if (refused) return;
    if (auto loaded = load(row); !loaded) refused = loaded.error();
  });
  if (!read) return read;
  if (refused) return *refused;
  rebuild_locks();
  log::info("recovered", {{"live", std::to_string(count)},
                          {"inFlight", std::to_string(recovered.size() + unsent.size())}});
  health = Health::ready;
  return {};
}

Result<void> Orchestrator::Impl::load(const LiveRow& row) {
  metrics.loaded(row.definition.name, row.status);
  if (row.due) timers.set(row.key, row.due);
  if (row.keep == Keep::for_replies) recovered.push_back(row.key);
  // Nothing is read of the others, but that they can be.
  const bool known = parts.definitions.find(row.definition.name, row.definition.version) != nullptr;
  if (row.keep != Keep::for_others && known) return {};
  const auto stored = reader.find(row.key);
  if (!stored) return stored.error();
  invariant(stored->has_value(), "a saga that has not ended has its row");
  auto saga = read_saga(parts.definitions, reader, **stored);
  if (!saga) return saga.error();
  Live& held = live.put(std::move(*saga));
  if (!resume(held.instance).empty()) unsent.push_back(row.key);
  timers.set(row.key, next_due(held.instance));
  live.listen(held);
  return {};
}

std::chrono::milliseconds Orchestrator::Impl::time_to_wait(std::chrono::milliseconds patience) {
  const Timestamp now = parts.now();
  if (!unsent.empty() || !recovered.empty()) return 0ms;
  auto wake = now + patience;
  if (!retained.empty()) wake = quiet_until;
  if (const auto next = timers.next()) wake = std::min(wake, std::max(*next, quiet_until));
  return std::clamp(wake - now, 0ms, patience);
}

std::size_t Orchestrator::Impl::step(std::chrono::milliseconds patience) {
  auto commands = inbox.take(time_to_wait(patience), batch_max);
  const Timestamp now = parts.now();
  BatchRun run({live, requests, writer, reader, parts.random, metrics, last_key, locks,
                parts.definitions, now});
  wake_recovered(run);
  for (const SagaKey saga : std::exchange(recovered_locks, {})) run.grant(saga);
  if (now >= quiet_until) {
    for (auto& reply : std::exchange(retained, {})) run.reply(std::move(reply));
    for (const SagaKey saga : timers.take_due(now, batch_max)) run.tick(saga);
  }
  for (auto& command : commands) handle(run, command);
  const auto committed = commit(run);
  requests.batch_over();
  if (!committed) take_back(run, committed.error());
  if (committed)
    for (const auto& definition : run.registered())
      static_cast<void>(parts.definitions.add(definition));
  run.answer(committed);
  if (committed) release(run);
  resend(run);
  // Of those that were woken and did not move, nobody would let go later.
  for (const SagaKey saga : run.woken()) settle_down(saga);
  for (const SagaKey saga : run.unread()) timers.set(saga, now + unread_wait);
  for (auto& command : commands) handle_wait(command);
  metrics.waiting(inbox.size(), timers.size(), live.size());
  return committed ? run.counted().size() : 0;
}

void Orchestrator::Impl::handle(BatchRun& run, Command& command) {
  if (auto* start = std::get_if<StartCommand>(&command)) return run.start(std::move(*start));
  if (auto* act = std::get_if<ActCommand>(&command)) return run.act(std::move(*act));
  if (auto* event = std::get_if<PublishCommand>(&command)) return run.publish(std::move(*event));
  if (auto* undo = std::get_if<UndoChildCommand>(&command)) return run.undo_child(std::move(*undo));
  if (auto* move = std::get_if<MigrateCommand>(&command)) return run.migrate(std::move(*move));
  if (auto* add = std::get_if<RegisterCommand>(&command))
    return run.add_definition(std::move(*add));
  auto* reply = std::get_if<ReplyCommand>(&command);
  if (reply == nullptr) return;
  if (reply->outside) in_flight.end();
  run.reply(std::move(*reply));
}

/// Waits begin after the commit, so that nobody hears of an end that is not durable.
void Orchestrator::Impl::handle_wait(Command& command) {
  if (auto* wait = std::get_if<WatchCommand>(&command)) return watch(std::move(*wait));
  if (auto* wait = std::get_if<UnwatchCommand>(&command)) return unwatch(*wait);
}

Result<void> Orchestrator::Impl::commit(BatchRun& run) {
  if (run.is_empty()) return {};
  Batch batch = run.to_commit();
  at(CrashPoint::before_commit);
  const auto begun = steady_now();
  auto result = writer.commit(writer.epoch(), batch);
  metrics.commit(std::chrono::duration<double>(steady_now() - begun).count(), result.ok());
  if (result) at(CrashPoint::after_commit);
  if (result && parts.listener) parts.listener->on_committed(std::move(batch.sagas));
  return result;
}

/// From here on the outside may hear of the batch: it is durable.
void Orchestrator::Impl::release(BatchRun& run) {
  if (run.touched().empty()) return;
  if (health == Health::disk_full) {
    health = Health::ready;
    log::info("the disk has space again; storing goes on");
  }
  at(CrashPoint::after_answers);
  metrics.transitions(run.counted());
  for (const auto& planned : run.calls()) dispatch(planned);
  for (const auto& [saga, stop] : run.stops()) stop_child(saga, stop);
  at(CrashPoint::after_dispatch);
  for (const auto& [id, reason] : run.alarms())
    log::warning("a saga is stuck", {{"saga", id.value}, {"reason", reason}});
  for (const auto& touched : run.touched()) settle_down(touched.saga);
}

/// Sets the saga's time, and lets go of one that nothing moves for a while.
void Orchestrator::Impl::settle_down(SagaKey key) {
  const Live* held = live.find(key);
  if (held == nullptr) return;
  const Instance& saga = held->instance;
  const auto due = next_due(saga);
  timers.set(key, due);
  if (is_end(saga.status)) wake_watchers(saga.id);
  const bool soon = due && *due < parts.now() + due_soon;
  if (is_end(saga.status) || (keep(saga) == Keep::no && !soon)) live.erase(key);
}

void Orchestrator::Impl::wake_recovered(BatchRun& run) {
  for (std::size_t i = 0; i < resent_at_once && !recovered.empty(); ++i) {
    const SagaKey saga = recovered.front();
    recovered.pop_front();
    if (const auto woken = run.wake(saga); !woken) {
      log::error("a saga cannot be read", {{"why", woken.error().message}});
      timers.set(saga, parts.now() + unread_wait);
    }
  }
}

/// Sends what an earlier process had sent for sagas that are in memory again, but for what this
/// batch has sent.
void Orchestrator::Impl::resend(const BatchRun& run) {
  auto sagas = std::exchange(unsent, {});
  sagas.insert(sagas.end(), run.woken().begin(), run.woken().end());
  for (const SagaKey saga : sagas) {
    Live* held = live.find(saga);
    if (held == nullptr) continue;
    for (auto& call : resume(held->instance))
      if (!run.calls_for(saga, call)) dispatch({saga, std::move(call)});
  }
}

/// Those who hold a lock stand first in its queue; the others as they came.
void Orchestrator::Impl::rebuild_locks() {
  std::vector<const Instance*> waiting;
  locks.clear();
  live.for_each([&](const Live& one) {
    if (one.instance.locks.empty()) return;
    if (one.instance.locked)
      locks.ask(one.instance.key, one.instance.locks);
    else
      waiting.push_back(&one.instance);
  });
  std::sort(waiting.begin(), waiting.end(),
            [](const Instance* a, const Instance* b) { return a->key < b->key; });
  for (const Instance* saga : waiting) {
    locks.ask(saga->key, saga->locks);
    recovered_locks.push_back(saga->key);
  }
}

/// The batch is not stored, so it has not happened: memory goes back to what the store holds.
void Orchestrator::Impl::take_back(BatchRun& run, const Error& error) {
  if (error.code == ErrorCode::disk_full) {
    if (health == Health::ready)
      log::error("the disk is full; nothing is stored until it has space");
    health = Health::disk_full;
  } else if (health != Health::storage_failed) {
    log::error("storing failed; nothing is acknowledged any more", {{"why", error.message}});
    health = Health::storage_failed;
  }
  for (const auto& touched : run.touched()) reload(touched);
  rebuild_locks();
  retained.insert(retained.end(), run.replies().begin(), run.replies().end());
  quiet_until = parts.now() + disk_full_wait;
}

void Orchestrator::Impl::reload(const Touched& touched) {
  const SagaKey key = touched.saga;
  if (!touched.stored || is_end(*touched.stored)) return live.erase(key);
  const auto row = reader.find(key);
  if (!row || !*row) return live.erase(key);
  auto stored = read_saga(parts.definitions, reader, **row);
  if (!stored) return live.erase(key);
  *live.find(key) = std::move(*stored);
  Instance& saga = live.find(key)->instance;
  // What waits for its reply was sent, so it may have had an effect; the same calls are still out.
  static_cast<void>(resume(saga));
  timers.set(key, next_due(saga));
}

void Orchestrator::Impl::dispatch(const PlannedCall& planned) {
  // What is not sent now is recorded as waiting for its reply, and the next process sends it.
  if (draining) return;
  const Live* held = live.find(planned.saga);
  if (held == nullptr) return;
  const Definition& definition = *held->definition;
  const Call& call = planned.call;
  const Step& step = definition.at(call.step);
  const Operation& operation = call.phase == Phase::forward ? step.call
                               : call.phase == Phase::undo  ? *step.undo
                                                            : *step.probe;
  Invocation invocation{.saga = held->instance.id,
                        .definition = definition.ref,
                        .step = step.id,
                        .phase = call.phase,
                        .attempt = call.attempt,
                        .idempotency_key = idempotency_key(definition, held->instance.id, call),
                        .address = call.address,
                        .body = call.body,
                        .timeout = step.timeout,
                        .retry = call.phase == Phase::undo ? &step.undo_retry : &step.retry};
  const bool outside = !inner.handles(operation);
  const auto replied = [this, outside, saga = planned.saga, step = call.step, run = call.run,
                        phase = call.phase, attempt = call.attempt](Outcome outcome) {
    static_cast<void>(inbox.push(
        ReplyCommand{saga, {step, run, phase, attempt, std::move(outcome)}, outside}, false));
  };
  if (!outside)
    return inner.invoke(operation, std::move(invocation),
                        {child_id(definition, held->instance.id, call.step, call.run),
                         {held->instance.id, step.id, call.run},
                         core_unwinding(held->instance)},
                        replied);
  in_flight.begin();
  parts.participants.invoke(operation, std::move(invocation), replied);
}

/// The saga waits for the child's end all the same; that it can be stopped only makes it sooner.
void Orchestrator::Impl::stop_child(SagaKey saga, const StopChild& stop) {
  const Live* held = live.find(saga);
  if (held == nullptr) return;
  inner.stop_child(child_id(*held->definition, held->instance.id, stop.step, stop.run));
}

void Orchestrator::Impl::watch(WatchCommand command) {
  if (live.find(command.saga) == nullptr) {
    const auto row = reader.find(command.saga);
    if (!row || !*row || is_end((*row)->status)) return command.ended();
  }
  watches[command.saga].push_back({command.watch, std::move(command.ended)});
}

void Orchestrator::Impl::unwatch(const UnwatchCommand& command) {
  const auto held = watches.find(command.saga);
  if (held == watches.end()) return;
  std::erase_if(held->second, [&](const Watch& watch) { return watch.id == command.watch; });
  if (held->second.empty()) watches.erase(held);
}

void Orchestrator::Impl::wake_watchers(const SagaId& saga) {
  const auto held = watches.find(saga);
  if (held == watches.end()) return;
  const auto waiting = std::move(held->second);
  watches.erase(held);
  for (const auto& watch : waiting) watch.ended();
}

std::optional<Error> Orchestrator::Impl::closed() const {
  if (draining)
    return Error{ErrorCode::shutting_down,
                 "This node is shutting down.",
                 "Send the request again in a moment, or to another node.",
                 {}};
  if (health == Health::storage_failed)
    return Error{
        ErrorCode::storage_failed,
        "A write to storage failed, so nothing can be acknowledged.",
        "See the log for the cause; restart when it is gone. What was acknowledged is safe.",
        {}};
  return std::nullopt;
}

Orchestrator::Orchestrator(OrchestratorParts parts)
    : impl_(std::make_unique<Impl>(std::move(parts))) {}

Orchestrator::~Orchestrator() {
  impl_->ending = true;
  impl_->inbox.wake();
}

Result<void> Orchestrator::recover() { return impl_->recover(); }

void Orchestrator::run() {
  impl_->thread = std::jthread([impl = impl_.get()] {
    while (!impl->ending) impl->step(idle_wait);
    impl->step(0ms);
  });
}

std::size_t Orchestrator::step(std::chrono::milliseconds patience) { return impl_->step(patience); }

void Orchestrator::drain(std::chrono::milliseconds grace) {
  impl_->draining = true;
  impl_->health = Health::draining;
  impl_->in_flight.wait_idle(grace);
  impl_->ending = true;
  impl_->inbox.wake();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void Orchestrator::start(StartRequest request, const OnStarted& answer) {
  if (const auto why = impl_->closed()) return answer(*why);
  auto findings = check_start(request);
  if (!findings.empty())
    return answer(Error{ErrorCode::invalid_argument, "The saga cannot be started like this.",
                        "Every finding says where and what would be right.", std::move(findings)});
  impl_->ask(StartCommand{completed(std::move(request)), answer});
}

void Orchestrator::act(SagaId saga, Event event, const OnActed& answer,
                       std::string idempotency_key) {
  impl_->ask(ActCommand{std::move(saga), std::move(event), std::move(idempotency_key), answer});
}

void Orchestrator::publish(Publication publication, const OnPublished& answer) {
  impl_->ask(PublishCommand{std::move(publication), answer});
}

void Orchestrator::migrate(SagaId saga, std::shared_ptr<const Definition> to, bool dry_run,
                           const OnMigrated& answer) {
  impl_->ask(MigrateCommand{std::move(saga), std::move(to), dry_run, answer});
}

void Orchestrator::add_definition(Definition definition, const OnRegistered& answer) {
  impl_->ask(RegisterCommand{std::make_shared<const Definition>(std::move(definition)), answer});
}

WatchId Orchestrator::watch(SagaId saga, std::function<void()> ended) {
  const WatchId id{impl_->next_watch++};
  static_cast<void>(impl_->inbox.push(WatchCommand{id, std::move(saga), std::move(ended)}, false));
  return id;
}

void Orchestrator::unwatch(WatchId watch, SagaId saga) {
  static_cast<void>(impl_->inbox.push(UnwatchCommand{watch, std::move(saga)}, false));
}

Health Orchestrator::health() const { return impl_->health; }

MetricsSnapshot Orchestrator::metrics() const { return impl_->metrics.snapshot(); }

}  // namespace skald
