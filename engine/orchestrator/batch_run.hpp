#pragma once

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/core/apply.hpp"
#include "engine/model/registry.hpp"
#include "engine/orchestrator/command.hpp"
#include "engine/orchestrator/committer.hpp"
#include "engine/orchestrator/dispatcher.hpp"
#include "engine/orchestrator/lock_table.hpp"
#include "engine/orchestrator/metrics.hpp"
#include "engine/orchestrator/random_source.hpp"
#include "engine/orchestrator/request_index.hpp"
#include "engine/orchestrator/store.hpp"

namespace skald {

/// A saga that moved in a batch, as it was before.
struct Touched {
  SagaKey saga{};
  std::optional<Status> stored;  ///< its status in the store; none: it started in this batch
  bool migrated = false;         ///< its definition in the store is another one
};

/// One batch from its first command to what must be released after the commit. Applies commands to
/// the live sagas in memory; nothing in here performs an effect.
class BatchRun {
 public:
  struct Parts {
    LiveSagas& live;
    RequestIndex& requests;
    Committer& committer;
    StoreReader& reader;
    RandomSource& random;
    Metrics& metrics;
    std::int64_t& last_key;
    LockTable& locks;
    Registry& definitions;
  };
  explicit BatchRun(Parts parts) : parts_(parts) {}

  /// What comes next happens at `now`.
  void set_time(Timestamp now) { now_ = now; }

  void start(StartCommand command);
  void start_all(StartManyCommand command);
  void remove(RemoveCommand command);
  void act(ActCommand command);
  void reply(ReplyCommand command);
  void tick(SagaKey saga);
  void publish(PublishCommand command);
  void undo_child(UndoChildCommand command);
  void migrate(MigrateCommand command);
  void add_definition(RegisterCommand command);
  /// The saga in memory, read from the store when it waits there; null when it has ended or never
  /// was.
  [[nodiscard]] Result<Live*> wake(SagaKey saga);
  [[nodiscard]] Result<Live*> wake(const SagaId& saga);
  /// Tells a saga that its locks are its own; nothing happens when it knows.
  void grant(SagaKey saga);

  /// Whether there is nothing to commit.
  [[nodiscard]] bool is_empty() const {
    return touched_.empty() && registered_.empty() && requests_.empty() && removed_.empty() &&
           !requests_before_;
  }

  /// Plans what an earlier process had sent for a saga that is in memory again, but for what this
  /// batch sends.
  void plan_again(SagaKey saga);

  /// What to commit. To be asked once, before anything else moves these sagas.
  [[nodiscard]] Batch to_commit();

  /// Answers everybody: with what happened, or with `commit`'s error, because then nothing
  /// happened.
  void answer(const Result<void>& commit);

  /// Calls to be sent once the batch is durable.
  [[nodiscard]] std::vector<PlannedCall>& calls() { return calls_; }
  /// Sagas that moved, in order of their first move.
  [[nodiscard]] const std::vector<Touched>& touched() const { return touched_; }
  [[nodiscard]] bool moved(SagaKey saga) const { return known_.contains(saga); }
  /// Sagas whose time has come and that could not be read.
  [[nodiscard]] const std::vector<SagaKey>& unread() const { return unread_; }
  /// Sagas that were taken into memory, moved or not; what they had sent is to be sent again.
  [[nodiscard]] const std::vector<SagaKey>& woken() const { return woken_; }
  /// Children to be unwound once the batch is durable.
  [[nodiscard]] const std::vector<SagaId>& stops() const { return stops_; }
  /// Definitions that are registered with this batch.
  [[nodiscard]] const std::vector<std::shared_ptr<const Definition>>& registered() const {
    return registered_;
  }
  /// Replies that moved a saga; to be applied again when the commit fails.
  [[nodiscard]] std::vector<ReplyCommand>& replies() { return replies_; }
  /// The transitions, for the counts.
  [[nodiscard]] const std::vector<Counted>& counted() const { return counted_; }
  /// Sagas that became stuck, with the reason, for the log.
  [[nodiscard]] const std::vector<std::pair<SagaId, std::string>>& alarms() const {
    return alarms_;
  }

 private:
  using Answer = std::function<void(const Result<void>&)>;
  /// Answers with `what` after the commit; also a refusal, because it may rest on what this batch
  /// did, or the one before.
  template <class What>
  void tell(std::function<void(Result<What>)> answer, Result<What> what) {
    answers_.push_back(
        [answer = std::move(answer), what = std::move(what)](const Result<void>& commit) {
          answer(commit ? what : Result<What>(commit.error()));
        });
  }
  [[nodiscard]] std::optional<Decision> apply_to(Live& live, const Event& event) const;
  [[nodiscard]] Result<Live*> read(const Result<std::optional<SagaRow>>& row);
  void accept(Live& live, Decision decision, std::optional<Status> before, bool migrated = false);
  [[nodiscard]] Error no_live_saga(const SagaId& id);
  [[nodiscard]] Result<std::optional<Started>> earlier(const StartRequest& request,
                                                       std::uint64_t print);
  [[nodiscard]] Result<std::optional<Started>> earlier_under(const std::string& key,
                                                             std::uint64_t print,
                                                             const Error& mismatch);
  [[nodiscard]] Result<SagaId> id_of(SagaKey key);
  void begin(StartRequest request, std::uint64_t print, OnStarted answer);
  void remember(std::string key, std::uint64_t print, SagaKey saga, std::string answer = {});
  void answer_again(ActCommand command);
  [[nodiscard]] Result<std::optional<RequestRow>> seen(const std::string& key, std::uint64_t print);
  [[nodiscard]] bool calls_for(SagaKey saga, const Call& call) const;
  void release_locks(const Instance& saga);
  void grant_waiting();
  [[nodiscard]] Result<Live*> take_up(const SagaId& id);
  [[nodiscard]] Result<std::vector<SagaKey>> all_listeners(const std::string& topic);
  [[nodiscard]] Result<Published> deliver_all(const Publication& publication);
  void deliver(Live& live, const Publication& publication, Published& published);

  Parts parts_;
  Timestamp now_{};
  std::vector<Touched> touched_;
  std::vector<SagaKey> woken_;
  std::vector<SagaKey> unread_;
  std::unordered_set<SagaKey> known_;
  std::vector<HistoryRow> history_;
  std::vector<RequestRow> requests_;
  std::vector<SagaKey> removed_;
  std::optional<Timestamp> requests_before_;
  std::vector<PlannedCall> calls_;
  std::vector<SagaId> stops_;
  std::vector<std::shared_ptr<const Definition>> registered_;
  std::vector<SagaKey> may_own_;  ///< sagas that came to the front of a lock's queue
  std::vector<Answer> answers_;
  std::vector<ReplyCommand> replies_;
  std::vector<std::pair<SagaId, std::string>> alarms_;
  std::vector<Counted> counted_;
};

}  // namespace skald
