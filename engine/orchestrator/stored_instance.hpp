#pragma once

#include "engine/model/history.hpp"
#include "engine/model/registry.hpp"
#include "engine/orchestrator/store.hpp"

namespace skald {

/// A saga as it was stored, with the definition it runs by.
struct StoredSaga {
  std::shared_ptr<const Definition> definition;
  Instance instance;
};

/// Reads the instance of `row`, and from the history what only that holds. Any thread.
/// Error: storage_unreadable, when its definition is not registered or the record is damaged.
[[nodiscard]] Result<StoredSaga> read_saga(const Registry& definitions, StoreReader& reader,
                                           const SagaRow& row);

/// The same, without the history: values that only that holds are null. For lists.
[[nodiscard]] Result<StoredSaga> read_progress(const Registry& definitions, const SagaRow& row);

/// Why a saga is kept in memory.
[[nodiscard]] Keep keep(const Instance& saga);

/// The row that a transition with `entries` adds to the history of `saga`. It takes over full parts
/// of the completion log, which the saga's own row need not repeat from then on; so both are to be
/// committed together, or the saga is read again.
[[nodiscard]] HistoryRow history_of(const Definition& definition, Instance& saga, Timestamp at,
                                    const std::vector<HistoryEntry>& entries);

/// What is stored of `saga`; `change` is left to the caller.
[[nodiscard]] SagaRow row_of(const Definition& definition, const Instance& saga);

}  // namespace skald
