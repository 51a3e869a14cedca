#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/ids.hpp"
#include "engine/model/result.hpp"
#include "engine/model/saga.hpp"

namespace skald {

/// Why a saga that has not ended is in a node's memory. Stored by number.
enum class Keep {
  no,           ///< it waits in the store
  for_replies,  ///< its calls are out
  for_others    ///< they look for it there: by its locks, by correlated signals
};

/// How a saga's row differs from the stored one, which the store may rely on.
enum class RowChange {
  any,      ///< it may not be stored, or differ in everything but id and creation time
  started,  ///< no saga with this key or id is stored
  status,   ///< of what it is found by, only the status has changed
  moved     ///< nothing it is found by has changed, and it has not ended
};

/// The stored row of one saga: columns to find it by, and the encoded instance.
struct SagaRow {
  SagaKey key{};
  SagaId id;
  DefinitionRef definition;
  std::string business_key;
  Status status{};
  Timestamp created;
  Timestamp updated;
  std::optional<Timestamp> ended;
  std::int64_t revision = 0;
  std::string instance;  ///< encode_instance(…, RecordForm::for_store)
  /// Of a saga that has not ended: when it wants its next Tick.
  std::optional<Timestamp> due{};
  Keep keep = Keep::no;
  RowChange change = RowChange::any;
  /// Its status as stored, where that is known: it goes from this one to `status`.
  std::optional<Status> before{};
};

/// What a node that starts must know of a saga that has not ended.
struct LiveRow {
  SagaKey key{};
  DefinitionRef definition;
  Status status{};
  std::optional<Timestamp> due;
  Keep keep = Keep::no;
};

/// What one transition left in a saga's history.
struct HistoryRow {
  SagaKey saga{};
  std::int64_t revision = 0;  ///< of the saga, after the transition; with `saga` the key
  Timestamp at;
  std::string entries;  ///< encode_history()
};

/// A request that must not be carried out twice.
struct RequestRow {
  std::string key;              ///< "start:<Idempotency-Key>" or "start-id:<saga id>"
  std::uint64_t fingerprint{};  ///< of the request's content
  SagaKey saga{};               ///< what the first one made or moved; 0: more than one, or none
  Timestamp at;
  std::string answer{};  ///< JSON, where the saga does not tell it
};

/// A definition that was registered as a document.
struct DefinitionRow {
  DefinitionRef ref;
  std::string hash;      ///< SHA-256 of `document`, in hex
  std::string document;  ///< canonical JSON
  Timestamp at;
};

/// Everything one commit makes durable, together or not at all.
struct Batch {
  std::vector<SagaRow> sagas;        ///< inserted or replaced; each key at most once
  std::vector<HistoryRow> history;   ///< inserted
  std::vector<RequestRow> requests;  ///< inserted; a key that exists already fails the whole batch
  std::vector<DefinitionRow> definitions{};  ///< inserted; one that exists fails the whole batch
  /// Ended sagas, none of them in `sagas`: deleted, with their history and the requests that name
  /// them. One that is not stored is none the worse.
  std::vector<SagaKey> removed{};
  /// Requests that name no saga, and are older than this: deleted.
  std::optional<Timestamp> requests_before{};
};

/// The writing side. One owner: members are called by one thread at a time.
class StoreWriter {
 public:
  virtual ~StoreWriter() = default;

  /// The epoch under which this node took the store over at open: larger than any before.
  [[nodiscard]] virtual Epoch epoch() const = 0;

  /// Makes `batch` durable. When it returns success the batch survives power loss. On any error but
  /// storage_failed the store holds none of it; after that one a new process finds all or none.
  /// Refuses when `epoch` is not the newest one (another node took over).
  ///
  /// Errors: disk_full, after which commit may be called again and works when there is space;
  /// storage_failed, after which every later commit answers storage_failed without touching the
  /// file, because the state of its cache is unknown.
  [[nodiscard]] virtual Result<void> commit(Epoch epoch, const Batch& batch) = 0;

  /// Calls `visit` for every saga that has not ended, in key order. Its time grows with their
  /// number.
  [[nodiscard]] virtual Result<void> for_each_live(
      const std::function<void(const LiveRow&)>& visit) = 0;

  /// Calls `visit` for every stored request key. For recovery, before any commit.
  [[nodiscard]] virtual Result<void> for_each_request(
      const std::function<void(const RequestRow&)>& visit) = 0;

  /// The request stored under `key`, if any.
  [[nodiscard]] virtual Result<std::optional<RequestRow>> find_request(const std::string& key) = 0;

  /// Calls `visit` for every stored definition, by name and version. For start-up.
  [[nodiscard]] virtual Result<void> for_each_definition(
      const std::function<void(const DefinitionRow&)>& visit) = 0;

  /// The largest key of any saga, or 0.
  [[nodiscard]] virtual Result<SagaKey> last_key() = 0;
};

/// Which sagas a list shows. Every given condition must hold.
struct SagaFilter {
  std::vector<Status> statuses;             ///< any of these; empty: all
  std::string definition;                   ///< name; empty: all
  std::string business_key;                 ///< empty: all
  std::optional<Timestamp> created_from;    ///< inclusive
  std::optional<Timestamp> created_before;  ///< exclusive
};

/// How many sagas of one version of a definition have one status.
struct StatusCount {
  DefinitionRef definition;
  Status status{};
  std::int64_t count = 0;
};

/// The reading side. All members may be called from any thread, and see every commit that returned
/// before the call began.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  [[nodiscard]] virtual Result<std::optional<SagaRow>> find(const SagaId& id) = 0;
  [[nodiscard]] virtual Result<std::optional<SagaRow>> find(SagaKey key) = 0;

  /// Newest first: at most `limit` sagas with a key smaller than `before` (none: from the newest),
  /// so that pages neither skip nor repeat a saga.
  [[nodiscard]] virtual Result<std::vector<SagaRow>> list(const SagaFilter& filter,
                                                          std::optional<SagaKey> before,
                                                          std::size_t limit) = 0;

  /// Oldest first: at most `limit` sagas with a key larger than `after`.
  [[nodiscard]] virtual Result<std::vector<SagaRow>> oldest(SagaKey after, std::size_t limit) = 0;

  /// Oldest first: at most `limit` rows with a revision larger than `after`.
  [[nodiscard]] virtual Result<std::vector<HistoryRow>> history(SagaKey saga, std::int64_t after,
                                                                std::size_t limit) = 0;

  /// By version of a definition and status, without those that are 0. Its time does not grow with
  /// the number of sagas, except in memory.
  [[nodiscard]] virtual Result<std::vector<StatusCount>> count() = 0;
};

/// An opened store. The reader may outlive neither the store nor its use by other threads.
class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual StoreWriter& writer() = 0;
  [[nodiscard]] virtual StoreReader& reader() = 0;
};

}  // namespace skald
