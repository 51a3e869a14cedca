#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
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
  using Entry = std::pair<Timestamp, SagaKey>;

  void drop_stale();
  void pop();

  // A moved or cleared time leaves its old entry in the heap. It is dropped when it comes up, or
  // when there are more of these than of the others: sagas that end early leave many.
  std::vector<Entry> heap_;  ///< std::greater: the earliest first
  boost::unordered_flat_map<SagaKey, Timestamp> due_;
};

}  // namespace skald
