#pragma once

#include <algorithm>
#include <vector>

namespace skald::bench {

/// The value below which `share` of `values` lie; sorts them.
inline double percentile(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace skald::bench
