#pragma once

#include <memory>

#include "engine/model/result.hpp"
#include "engine/orchestrator/store.hpp"
#include "storage/sqlite/connection.hpp"

namespace skald::sqlite {

/// Opens the one writing connection: brings the schema up to date, makes the file durable and takes
/// it over under a new epoch. `checkpoint_pages` as in SqliteOptions.
[[nodiscard]] Result<std::unique_ptr<StoreWriter>> open_writer(const DatabasePlace& place,
                                                               int checkpoint_pages);

}  // namespace skald::sqlite
