#include "engine/testing/diff.hpp"

#include <algorithm>

namespace skald::testing {

namespace {

using Lines = std::vector<std::string>;

/// Lists longer than this are cut: the table below grows with their product.
constexpr std::size_t lines_max = 2'000;

Lines cut(const Lines& lines) {
  if (lines.size() <= lines_max) return lines;
  Lines head(lines.begin(), lines.begin() + lines_max);
  head.push_back("… and " + std::to_string(lines.size() - lines_max) + " more");
  return head;
}

}  // namespace

std::string difference(const Lines& all_expected, const Lines& all_actual) {
  const Lines expected = cut(all_expected), actual = cut(all_actual);
  // common[i][j]: how many lines the rests from i and j have in common.
  std::vector<std::vector<std::size_t>> common(expected.size() + 1,
                                               std::vector<std::size_t>(actual.size() + 1, 0));
  for (std::size_t i = expected.size(); i-- > 0;)
    for (std::size_t j = actual.size(); j-- > 0;)
      common[i][j] = expected[i] == actual[j] ? common[i + 1][j + 1] + 1
                                              : std::max(common[i + 1][j], common[i][j + 1]);
  std::string text;
  std::size_t i = 0, j = 0;
  while (i < expected.size() || j < actual.size()) {
    if (i < expected.size() && j < actual.size() && expected[i] == actual[j]) {
      text += "  " + expected[i++] + "\n";
      ++j;
    } else if (j == actual.size() ||
               (i < expected.size() && common[i + 1][j] >= common[i][j + 1])) {
      text += "- " + expected[i++] + "\n";
    } else {
      text += "+ " + actual[j++] + "\n";
    }
  }
  return text;
}

}  // namespace skald::testing
