#pragma once

#include <filesystem>
#include <memory>

#include "engine/orchestrator/retention.hpp"

namespace skald {

struct GzipArchiveOptions {
  std::filesystem::path directory;                         ///< made when missing
  std::uint64_t file_bytes_max = std::uint64_t{64} << 20;  ///< then the next file is begun
  Now now = system_now;                                    ///< files are named after it
};

/// Sagas as lines of JSON in gzip files, "sagas-<time>-<number>.ndjson.gz"; `zcat DIR/*.gz` shows
/// them all.
///
/// Each append() is a gzip member of its own, synced before it counts. A process begins a file of
/// its own, so that a member which a crash has torn is the last of its file.
[[nodiscard]] Result<std::unique_ptr<SagaArchive>> open_gzip_archive(GzipArchiveOptions options);

}  // namespace skald
