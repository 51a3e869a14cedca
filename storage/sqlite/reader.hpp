#pragma once

#include <memory>

#include "engine/model/result.hpp"
#include "engine/orchestrator/store.hpp"
#include "storage/sqlite/connection.hpp"

namespace skald::sqlite {

/// The reading side, on `connections` connections that only read. A call waits while all of them
/// are in use by other threads.
[[nodiscard]] Result<std::unique_ptr<StoreReader>> open_reader(const DatabasePlace& place,
                                                               int connections);

}  // namespace skald::sqlite
