#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/result.hpp"
#include "engine/orchestrator/retention.hpp"

namespace skald::cli {

/// Everything `skald serve` can be told, with its defaults.
struct ServeOptions {
  std::filesystem::path data = "skald-data";
  std::string listen = "127.0.0.1:7070";
  std::vector<std::string> participants;                ///< "name=http://host:port/base"
  std::vector<std::string> secrets;                     ///< "name=env:VARIABLE" or "name=file:path"
  std::vector<std::filesystem::path> definition_files;  ///< documents, registered at the start
  std::size_t participant_concurrent = 10;
  std::size_t participant_queue = 1000;
  int http_threads = 1;
  int participant_threads = 1;
  int function_workers = 4;
  std::chrono::milliseconds drain{10'000};
  std::string retain;                        ///< how long ended sagas are kept; empty: forever
  std::optional<std::int64_t> retain_count;  ///< how many; none: all
  std::filesystem::path archive;             ///< where those go that are removed; empty: nowhere
  std::string log_level = "info";
  std::string crash_at;  ///< "<crash point>:<n>": dies there the n-th time; for tests
};

/// What is kept, as the options say. Error: invalid_argument, naming the option.
[[nodiscard]] Result<RetentionRules> retention_rules(const ServeOptions& options);

/// Splits "127.0.0.1:7070" or "[::1]:7070". Error: invalid_argument, saying what is wrong with it.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] Result<ListenAddress> parse_listen(const std::string& text);

}  // namespace skald::cli
