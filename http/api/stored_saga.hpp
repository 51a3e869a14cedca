#pragma once

#include <memory>
#include <string>

#include "engine/orchestrator/stored_instance.hpp"
#include "http/api/api.hpp"

namespace skald::http {

/// Reads what `row` holds. Error: storage_unreadable, e.g. when its definition is not registered
/// any more.
[[nodiscard]] Result<StoredSaga> read_saga(const ApiParts& parts, const SagaRow& row);

/// The saga called `id`. Error: not_found, and those of the reader and of read_saga(row).
[[nodiscard]] Result<StoredSaga> read_saga(const ApiParts& parts, const SagaId& id);

/// The row of the saga called `id`. Error: not_found, and those of the reader.
[[nodiscard]] Result<SagaRow> find_saga(const ApiParts& parts, const SagaId& id);

}  // namespace skald::http
