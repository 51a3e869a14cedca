#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "engine/orchestrator/store.hpp"

namespace skald::sqlite {

/// Keys from `first` to `last`, both included.
struct KeyRange {
  std::int64_t first = std::numeric_limits<std::int64_t>::min();
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

/// An SQL text and the values of its parameters, in order.
struct ListQuery {
  std::string sql;
  std::vector<std::variant<std::int64_t, std::string>> values;
};

/// The query for the keys of the newest `limit` sagas in `range` that `filter` shows, newest first.
///
/// Every part of it walks an index in key order and stops at `limit`, so that its cost does not
/// grow with the number of matches. Several statuses are one part each, merged: an IN would
/// collect and sort all matches first. So are the `definitions` that sagas run by, when the filter
/// names none but a status; with hundreds of them it walks all keys instead.
[[nodiscard]] ListQuery list_query(const SagaFilter& filter, KeyRange range, std::size_t limit,
                                   const std::vector<std::string>& definitions);

}  // namespace skald::sqlite
