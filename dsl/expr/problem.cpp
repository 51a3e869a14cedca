#include "dsl/expr/problem.hpp"

#include <algorithm>
#include <numeric>

#include "dsl/expr/characters.hpp"

namespace skald::expr {

namespace {

/// Levenshtein's distance; swapping two neighbours counts as one too (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string position(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  const auto column =
      count_characters(start == std::string_view::npos ? before : before.substr(start + 1));
  return std::to_string(line) + ":" + std::to_string(column + 1);
}

Finding to_finding(const Problem& problem, std::string_view text, std::string_view where) {
  const auto place = position(text, problem.offset);
  auto why = problem.hint.empty() ? problem.message : problem.message + ": " + problem.hint;
  if (where.empty()) return {place, std::move(why), problem.code};
  return {std::string(where), "at " + place + " " + std::move(why), problem.code};
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  // Names come from documents, and a distance takes the product of both lengths.
  static constexpr std::size_t length_max = 64, compared_max = 200;
  if (name.size() > length_max) return {};
  std::string_view nearest;
  auto least = std::clamp<std::size_t>(name.size() / 3, 1, 3) + 1;
  std::size_t compared = 0;
  for (const auto candidate : candidates) {
    const auto longer = std::max(name.size(), candidate.size());
    const auto shorter = std::min(name.size(), candidate.size());
    if (longer - shorter >= least || ++compared > compared_max) continue;
    const auto away = distance(name, candidate);
    if (away >= least || away >= candidate.size()) continue;
    least = away;
    nearest = candidate;
  }
  return nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?";
}

}  // namespace skald::expr
