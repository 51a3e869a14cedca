#pragma once

#include "engine/model/result.hpp"
#include "storage/sqlite/connection.hpp"

namespace skald::sqlite {

/// Makes sure that a Skald database stands at `place`: creates it when there is none, and refuses
/// with storage_unreadable what is there but not Skald's, or shorter than it says.
///
/// Never changes a file it refuses. Expects that the caller owns the directory, and that this
/// process has no connection to the file yet (closing a descriptor drops POSIX locks).
[[nodiscard]] Result<void> require_database(const DatabasePlace& place);

}  // namespace skald::sqlite
