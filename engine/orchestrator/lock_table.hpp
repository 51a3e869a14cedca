#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/model/ids.hpp"

namespace skald {

/// Who holds which business key, and who waits for it, in order of arrival. A saga asks for all its
/// keys at once, so no two can wait for each other. Used by one thread.
class LockTable {
 public:
  /// Puts `saga` into the queue of each key.
  void ask(SagaKey saga, const std::vector<std::string>& keys);

  /// Whether `saga` is the first in the queue of each of its keys.
  [[nodiscard]] bool owns(SagaKey saga, const std::vector<std::string>& keys) const;

  /// Takes `saga` out of the queues. Returns those who are now first in one of them.
  std::vector<SagaKey> leave(SagaKey saga, const std::vector<std::string>& keys);

  void clear() { queues_.clear(); }

 private:
  std::unordered_map<std::string, std::deque<SagaKey>> queues_;
};

}  // namespace skald
