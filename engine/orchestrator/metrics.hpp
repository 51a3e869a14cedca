#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "engine/model/history.hpp"

namespace skald {

/// Upper bounds in seconds of the buckets of a latency histogram; one more bucket holds the rest.
inline constexpr std::array<double, 12> latency_bounds{
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0};

struct Histogram {
  std::array<std::uint64_t, latency_bounds.size() + 1> buckets{};
  std::uint64_t count = 0;
  double sum = 0;
  void add(double seconds);
};

/// What the engine counts, since the process began.
struct MetricsSnapshot {
  std::map<std::string, std::uint64_t> started;                   ///< by definition
  std::map<std::pair<std::string, Status>, std::uint64_t> ended;  ///< by definition, status
  std::map<std::pair<std::string, Status>, std::int64_t> live;    ///< now
  /// Settled attempts by definition, step, phase and result ("done", "refused", "unknown", …).
  std::map<std::tuple<std::string, std::string, Phase, HistoryKind>, std::uint64_t> attempts;
  Histogram commit_seconds;
  std::uint64_t transitions = 0;
  std::uint64_t commit_failures = 0;
  std::uint64_t late_replies = 0;
  std::uint64_t queue_depth = 0;  ///< commands waiting now
  std::uint64_t timers = 0;       ///< sagas waiting for time now
  std::uint64_t in_memory = 0;    ///< sagas in memory now; the others wait in the store
};

/// What one transition means to the counts.
struct Counted {
  std::shared_ptr<const Definition> definition;
  std::optional<Status> before;  ///< none: the saga started with this transition
  Status after{};
  std::vector<HistoryEntry> history;
};

/// Counts of one engine. Written by the orchestrator's thread, read by any.
class Metrics {
 public:
  /// A saga was loaded at start-up with this status.
  void loaded(const std::string& definition, Status status);
  /// These transitions are durable.
  void transitions(const std::vector<Counted>& all);
  void commit(double seconds, bool ok);
  void late_reply();
  void waiting(std::uint64_t queue_depth, std::uint64_t timers, std::uint64_t in_memory);
  [[nodiscard]] MetricsSnapshot snapshot() const;

 private:
  void count(const Counted& one);
  mutable std::mutex mutex_;
  MetricsSnapshot held_;
};

}  // namespace skald
