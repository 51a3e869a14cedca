#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "engine/model/result.hpp"

namespace SQLite {
class Database;
}

namespace skald::sqlite {

/// "SKLD", in the file's header: what makes an SQLite file one of ours (PRAGMA application_id).
inline constexpr std::uint32_t application_id = 0x534b4c44;

/// Keys per row of created_span; see its comment in schema.cpp.
inline constexpr std::int64_t keys_per_span = 1024;

/// The schema as a list of steps. The step at place i takes a file from version i to version i + 1
/// (PRAGMA user_version). A step that was released never changes.
[[nodiscard]] std::span<const char* const> migrations();

/// Takes the file behind `database` to the version after the last of `steps`, each step in a
/// transaction of its own. A file that is newer is refused with storage_unreadable, unchanged.
/// Throws SQLite::Exception when a step fails; the file then has the version before that step.
[[nodiscard]] Result<void> migrate(SQLite::Database& database, std::span<const char* const> steps,
                                   const std::filesystem::path& file);

}  // namespace skald::sqlite
