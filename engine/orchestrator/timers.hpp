#pragma once

#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "engine/model/ids.hpp"
#include "engine/model/time.hpp"

namespace skald {

/// When each saga wants its next Tick; at most one time per saga. Used by one thread.
class Timers {
 public:
  /// Sets, moves or (none) clears the time of `saga`.
  void set(SagaKey saga, std::optional<Timestamp> due);

  /// At most `count_max` sagas due at `now`, earliest first; their times are cleared.
  [[nodiscard]] std::vector<SagaKey> take_due(Timestamp now, std::size_t count_max);

  /// The earliest time, if any saga waits.
  [[nodiscard]] std::optional<Timestamp> next();

  [[nodiscard]] std::size_t size() const { return due_.size(); }

 private:
  struct Later {
    bool operator()(const std::pair<Timestamp, SagaKey>& a,
                    const std::pair<Timestamp, SagaKey>& b) const {
      return a > b;
    }
  };
  void drop_stale();

  // A moved or cleared time leaves its old entry in the heap; it is dropped when it comes up.
  std::priority_queue<std::pair<Timestamp, SagaKey>, std::vector<std::pair<Timestamp, SagaKey>>,
                      Later>
      heap_;
  std::unordered_map<SagaKey, Timestamp> due_;
};

}  // namespace skald
