#include "engine/orchestrator/orchestrator.hpp"

#include <algorithm>
#include <deque>
#include <thread>

#include "engine/core/resume.hpp"
#include "engine/model/invariant.hpp"
#include "engine/orchestrator/batch_run.hpp"
#include "engine/orchestrator/inbox.hpp"
#include "engine/orchestrator/lock_table.hpp"
#include "engine/orchestrator/log.hpp"
#include "engine/orchestrator/start_check.hpp"
#include "engine/orchestrator/timers.hpp"
#include "engine/orchestrator/watches.hpp"

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

bool registers(const Command& command) { return std::holds_alternative<RegisterCommand>(command); }

}  // namespace

struct Orchestrator::Impl {
  explicit Impl(OrchestratorParts given)
      : parts(std::move(given)),
        reader(parts.store.reader()),
        dispatcher(inbox, parts.definitions, reader, parts.participants),
        committer(parts.store.writer(), parts.large_batch),
        requests(committer) {}

  OrchestratorParts parts;
  StoreReader& reader;
  Inbox inbox;
  Dispatcher dispatcher;
  Committer committer;
  LiveSagas live;
  LockTable locks;
  Timers timers;
  RequestIndex requests;
  Metrics metrics;
  std::unique_ptr<BatchRun> applied;     ///< the batch that gathers, if any
  std::size_t gathered = 0;              ///< about how much has gone into it
  std::unique_ptr<BatchRun> committing;  ///< the batch that is on its way to the store, if any
  std::int64_t last_key = 0;
  std::vector<ReplyCommand> retained;    ///< replies of a batch that could not be stored
  Timestamp quiet_until{};               ///< until then a full disk is not tried again by ourselves
  std::vector<SagaKey> recovered_locks;  ///< sagas that waited for locks that may be free now
  std::deque<SagaKey> recovered;         ///< sagas in the store whose calls were out
  std::vector<SagaKey> unsent;           ///< sagas in memory whose calls are to be sent again
  Watches watches;
  std::atomic<std::uint64_t> next_watch{1};
  std::atomic<Health> health{Health::starting};
  std::atomic<bool> draining{false};
  std::atomic<bool> ending{false};
  std::jthread thread;

  Result<void> recover();
  Result<void> load(const LiveRow& row);
  std::size_t step(std::chrono::milliseconds patience);
  [[nodiscard]] std::chrono::milliseconds time_to_wait(std::chrono::milliseconds patience);
  void work();
  void gather(std::vector<Command>& commands);
  void handle(Command& command);
  void handle_wait(Command& command);
  [[nodiscard]] std::size_t submit();
  [[nodiscard]] std::size_t finish();
  void conclude(BatchRun& run, const Result<void>& committed);
  void wake_recovered();
  void release(BatchRun& run);
  void settle_down(SagaKey key);
  void give_up(BatchRun& run);
  void take_back(const Error& error);
  void reload(SagaKey key);
  void rebuild_locks();
  void watch(WatchCommand command);
  void at(CrashPoint point) const {
    if (parts.at_crash_point) parts.at_crash_point(point);
  }
  [[nodiscard]] std::optional<Error> closed() const;

  /// Hands a client's command to the thread, or refuses it at once.
  template <class Request>
  void ask(Request command) {
    const auto answer = answer_of(command);
    if (const auto why = closed()) return answer(*why);
    if (!inbox.push(std::move(command), true))
      answer(
          Error{ErrorCode::overloaded, "Too many requests wait already.", "Try again later.", {}});
  }
};

Result<void> Orchestrator::Impl::recover() {
  StoreWriter& writer = committer.when_idle();
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

void Orchestrator::Impl::work() {
  committer.start([this] { inbox.wake(); });
  while (!ending) step(idle_wait);
  step(0ms);
  while (committing) static_cast<void>(finish() + submit());
}

/// Takes what waits into the batch that gathers, while the one before is being committed.
std::size_t Orchestrator::Impl::step(std::chrono::milliseconds patience) {
  // While a batch is stored, a few commands are not worth waking up for: its end does that.
  auto commands = inbox.take(time_to_wait(patience), batch_max, committing ? parts.large_batch : 1);
  std::size_t moved = 0;
  // Whether a definition is registered already must not depend on a batch that may fail.
  const bool alone = std::any_of(commands.begin(), commands.end(), registers);
  if (committing && (committer.is_done() || gathered >= batch_max || alone)) moved += finish();
  gather(commands);
  if (!committing) moved += submit();
  for (auto& command : commands) handle_wait(command);
  metrics.waiting(inbox.size(), timers.size(), live.size());
  return moved;
}

void Orchestrator::Impl::gather(std::vector<Command>& commands) {
  if (!applied)
    applied =
        std::make_unique<BatchRun>(BatchRun::Parts{live, requests, committer, reader, parts.random,
                                                   metrics, last_key, locks, parts.definitions});
  const Timestamp now = parts.now();
  applied->set_time(now);
  wake_recovered();
  for (const SagaKey saga : std::exchange(recovered_locks, {})) applied->grant(saga);
  if (now >= quiet_until) {
    for (auto& reply : std::exchange(retained, {})) applied->reply(std::move(reply));
    const auto due = timers.take_due(now, batch_max);
    for (const SagaKey saga : due) applied->tick(saga);
    gathered += due.size();
  }
  for (auto& command : commands) handle(command);
  gathered += commands.size();
}

void Orchestrator::Impl::handle(Command& command) {
  BatchRun& run = *applied;
  if (auto* start = std::get_if<StartCommand>(&command)) return run.start(std::move(*start));
  if (auto* many = std::get_if<StartManyCommand>(&command)) return run.start_all(std::move(*many));
  if (auto* some = std::get_if<RemoveCommand>(&command)) return run.remove(std::move(*some));
  if (auto* act = std::get_if<ActCommand>(&command)) return run.act(std::move(*act));
  if (auto* event = std::get_if<PublishCommand>(&command)) return run.publish(std::move(*event));
  if (auto* undo = std::get_if<UndoChildCommand>(&command)) return run.undo_child(std::move(*undo));
  if (auto* move = std::get_if<MigrateCommand>(&command)) return run.migrate(std::move(*move));
  if (auto* add = std::get_if<RegisterCommand>(&command))
    return run.add_definition(std::move(*add));
  auto* reply = std::get_if<ReplyCommand>(&command);
  if (reply == nullptr) return;
  if (reply->outside) dispatcher.settled();
  run.reply(std::move(*reply));
}

/// Waits begin after the commit, so that nobody hears of an end that is not durable.
void Orchestrator::Impl::handle_wait(Command& command) {
  if (auto* wait = std::get_if<WatchCommand>(&command)) return watch(std::move(*wait));
  if (auto* wait = std::get_if<UnwatchCommand>(&command)) return watches.remove(*wait);
}

/// Ends the batch that gathered, and begins to commit it; gives the transitions that have become
/// durable by that.
std::size_t Orchestrator::Impl::submit() {
  if (!applied) return 0;
  auto run = std::exchange(applied, nullptr);
  gathered = 0;
  for (const SagaKey saga : std::exchange(unsent, {})) run->plan_again(saga);
  for (const SagaKey saga : run->woken()) run->plan_again(saga);
  if (run->is_empty()) {
    conclude(*run, {});
    return 0;
  }
  Batch batch = run->to_commit();
  at(CrashPoint::before_commit);
  requests.submitted();
  committing = std::move(run);
  committer.submit(std::move(batch));
  return committer.is_done() ? finish() : 0;
}

/// Waits for the commit under way, and lets the outside hear how it went.
std::size_t Orchestrator::Impl::finish() {
  Committed committed = committer.wait();
  const auto run = std::exchange(committing, nullptr);
  metrics.commit(committed.seconds, committed.stored.ok());
  requests.committed();
  if (!committed.stored) {
    give_up(*run);
    if (applied) give_up(*applied);
    requests.given_up();
    take_back(committed.stored.error());
    conclude(*run, committed.stored);
    gathered = 0;
    if (const auto next = std::exchange(applied, nullptr)) conclude(*next, committed.stored);
    return 0;
  }
  at(CrashPoint::after_commit);
  if (parts.listener) parts.listener->on_committed(std::move(committed.sagas));
  for (const auto& definition : run->registered())
    static_cast<void>(parts.definitions.add(definition));
  conclude(*run, committed.stored);
  return run->counted().size();
}

void Orchestrator::Impl::conclude(BatchRun& run, const Result<void>& committed) {
  run.answer(committed);
  if (committed) release(run);
  // Of those that were woken and did not move, nobody would let go later.
  for (const SagaKey saga : run.woken()) settle_down(saga);
  for (const SagaKey saga : run.unread()) timers.set(saga, parts.now() + unread_wait);
}

/// From here on the outside may hear of the batch: it is durable.
void Orchestrator::Impl::release(BatchRun& run) {
  if (!run.touched().empty() && health == Health::disk_full) {
    health = Health::ready;
    log::info("the disk has space again; storing goes on");
  }
  if (!run.touched().empty()) at(CrashPoint::after_answers);
  metrics.transitions(run.counted());
  // What is not sent now is recorded as waiting for its reply, and the next process sends it.
  if (!draining)
    for (auto& call : run.calls()) dispatcher.send(std::move(call));
  for (const SagaId& child : run.stops()) dispatcher.stop_child(child);
  if (!run.touched().empty()) at(CrashPoint::after_dispatch);
  for (const auto& [id, reason] : run.alarms())
    log::warning("a saga is stuck", {{"saga", id.value}, {"reason", reason}});
  for (const auto& touched : run.touched()) settle_down(touched.saga);
}

/// Sets the saga's time, and lets go of one that nothing moves for a while. One that has moved
/// since stays: nobody may hear of that before it is durable.
void Orchestrator::Impl::settle_down(SagaKey key) {
  const Live* held = live.find(key);
  if (held == nullptr) return;
  const Instance& saga = held->instance;
  const auto due = next_due(saga);
  timers.set(key, due);
  if (applied && applied->moved(key)) return;
  if (is_end(saga.status)) watches.wake(saga.id);
  const bool soon = due && *due < parts.now() + due_soon;
  if (is_end(saga.status) || (keep(saga) == Keep::no && !soon)) live.erase(key);
}

void Orchestrator::Impl::wake_recovered() {
  for (std::size_t i = 0; i < resent_at_once && !recovered.empty(); ++i) {
    const SagaKey saga = recovered.front();
    recovered.pop_front();
    ++gathered;
    if (const auto woken = applied->wake(saga); !woken) {
      log::error("a saga cannot be read", {{"why", woken.error().message}});
      timers.set(saga, parts.now() + unread_wait);
    }
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
void Orchestrator::Impl::give_up(BatchRun& run) {
  for (const auto& touched : run.touched()) reload(touched.saga);
  retained.insert(retained.end(), run.replies().begin(), run.replies().end());
  unsent.insert(unsent.end(), run.woken().begin(), run.woken().end());
}

void Orchestrator::Impl::take_back(const Error& error) {
  if (error.code == ErrorCode::disk_full) {
    if (health == Health::ready)
      log::error("the disk is full; nothing is stored until it has space");
    health = Health::disk_full;
  } else if (health != Health::storage_failed) {
    log::error("storing failed; nothing is acknowledged any more", {{"why", error.message}});
    health = Health::storage_failed;
  }
  rebuild_locks();
  quiet_until = parts.now() + disk_full_wait;
}

void Orchestrator::Impl::reload(SagaKey key) {
  const auto row = reader.find(key);
  if (!row || !*row || is_end((*row)->status)) return live.erase(key);
  auto stored = read_saga(parts.definitions, reader, **row);
  if (!stored) return live.erase(key);
  Instance& saga = live.put(std::move(*stored)).instance;
  // What waits for its reply was sent, so it may have had an effect; the same calls are still out.
  static_cast<void>(resume(saga));
  timers.set(key, next_due(saga));
}

void Orchestrator::Impl::watch(WatchCommand command) {
  if (live.find(command.saga) == nullptr) {
    const auto row = reader.find(command.saga);
    if (!row || !*row || is_end((*row)->status)) return command.ended();
  }
  watches.add(std::move(command));
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
  impl_->thread = std::jthread([impl = impl_.get()] { impl->work(); });
}

std::size_t Orchestrator::step(std::chrono::milliseconds patience) { return impl_->step(patience); }

void Orchestrator::drain(std::chrono::milliseconds grace) {
  impl_->draining = true;
  impl_->health = Health::draining;
  impl_->dispatcher.wait_idle(grace);
  impl_->ending = true;
  impl_->inbox.wake();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void Orchestrator::start(StartRequest request, const OnStarted& answer) {
  if (const auto why = impl_->closed()) return answer(*why);
  if (const auto why = why_no_start(request)) return answer(*why);
  impl_->ask(StartCommand{completed(std::move(request)), answer});
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): its elements are moved from
void Orchestrator::start_many(std::vector<std::pair<StartRequest, OnStarted>> requests) {
  StartManyCommand command;
  for (auto& [request, answer] : requests) {
    if (const auto why = why_no_start(request))
      answer(*why);
    else
      command.starts.push_back({completed(std::move(request)), std::move(answer)});
  }
  if (!command.starts.empty()) impl_->ask(std::move(command));
}

void Orchestrator::remove(std::vector<SagaKey> sagas, std::optional<Timestamp> requests_before,
                          const std::function<void(Result<std::size_t>)>& answer) {
  impl_->ask(RemoveCommand{std::move(sagas), requests_before, answer});
}

void Orchestrator::act(SagaId saga, Event event, const OnActed& answer, std::string idempotency_key,
                       std::optional<std::int64_t> if_revision) {
  impl_->ask(ActCommand{std::move(saga), std::move(event), std::move(idempotency_key), answer,
                        if_revision});
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
