#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/orchestrator/store.hpp"

namespace skald::http {

/// A saga that moved, with its place in the order of changes, from 1.
struct Change {
  std::uint64_t place = 0;
  std::shared_ptr<const SagaRow> row;
};

/// Which sagas somebody looks at. Every given condition must hold.
struct LiveFilter {
  std::vector<Status> statuses;  ///< any of these; empty: all
  std::string definition;        ///< name; empty: all
  std::string business_key;      ///< empty: all
  std::string saga;              ///< id; empty: all
};

/// Whether the saga of `row` is, or just before this change was, among those looked at: who shows a
/// list must hear of a saga that leaves it.
[[nodiscard]] bool concerns(const LiveFilter& filter, const SagaRow& row);

/// The newest changes, bounded in number and size. Used under the lock of its owner.
class ChangeRing {
 public:
  ChangeRing(std::size_t changes_max, std::size_t bytes_max)
      : changes_max_(changes_max), bytes_max_(bytes_max) {}

  /// Adds what one commit moved.
  void push(std::vector<SagaRow> moved);

  /// Counts `count` changes that nobody will ask for, and forgets all that came before.
  void skip(std::size_t count);

  /// The place of the newest change; 0: none yet.
  [[nodiscard]] std::uint64_t newest() const { return newest_; }

  /// Whether every change after `place` is still held, and `place` is not in the future.
  [[nodiscard]] bool reaches(std::uint64_t place) const;

  /// The changes after `place`, oldest first; `reaches(place)`.
  [[nodiscard]] std::vector<Change> after(std::uint64_t place) const;

 private:
  std::size_t changes_max_;
  std::size_t bytes_max_;
  std::deque<Change> held_;
  std::size_t bytes_ = 0;
  std::uint64_t newest_ = 0;
};

/// Of `changes` (oldest first) those that `filter` concerns, of each saga only its newest row, in
/// the order of their places. So whoever saw all up to one place lacks exactly what comes after.
[[nodiscard]] std::vector<Change> coalesced(std::span<const Change> changes,
                                            const LiveFilter& filter);

}  // namespace skald::http
