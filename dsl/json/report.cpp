#include "dsl/json/report.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace skald::document {

namespace {

constexpr std::size_t shown_max = 60;

/// The line:column that where() put first.
Spot spot_of(std::string_view where) {
  Spot spot;
  const char* end = where.data() + where.size();
  const auto line = std::from_chars(where.data(), end, spot.line);
  if (line.ec == std::errc() && line.ptr != end && *line.ptr == ':')
    std::from_chars(line.ptr + 1, end, spot.column);
  return spot;
}

/// What is said of a machine that was made from broken steps.
bool follows_from_steps(std::string_view code) {
  constexpr std::array<std::string_view, 6> codes{"UNKNOWN_STATE",     "STATE_LEVEL",
                                                  "DUPLICATE_STATE",   "STEP_NOT_CALLED",
                                                  "EVENT_NOT_HANDLED", "UNKNOWN_EVENT"};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

void Report::steps_are_broken() { broken_ = steps_broken_ = true; }

bool Report::has(std::string_view where, std::string_view code) const {
  return std::any_of(findings_.begin(), findings_.end(), [&](const Placed& each) {
    return each.finding.where == where && each.finding.code == code;
  });
}

void Report::add_at(const Place& place, const Spot& spot, std::string why, std::string code) {
  if (full() || (steps_broken_ && follows_from_steps(code))) return;
  findings_.push_back({spot, {where(place, spot), std::move(why), std::move(code)}});
}

void Report::add(const Place& place, std::string why, std::string code) {
  add_at(place, place.value, std::move(why), std::move(code));
}

void Report::add_at_key(const Place& place, std::string why, std::string code) {
  add_at(place, place.key, std::move(why), std::move(code));
}

void Report::add(Finding finding) {
  if (full()) return;
  const Spot spot = spot_of(finding.where);
  findings_.push_back({spot, std::move(finding)});
}

std::vector<Finding> Report::sorted() const {
  auto placed = findings_;
  std::stable_sort(placed.begin(), placed.end(),
                   [](const Placed& a, const Placed& b) { return a.spot < b.spot; });
  std::vector<Finding> findings;
  for (auto& each : placed)
    if (std::find(findings.begin(), findings.end(), each.finding) == findings.end())
      findings.push_back(std::move(each.finding));
  return findings;
}

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, shown_max))
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  if (text.size() <= shown_max) return out;
  // A character of several bytes is not cut in two.
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
  return out + "…";
}

std::size_t near_enough(std::string_view name) { return name.size() < 3 ? 0 : 1 + name.size() / 5; }

std::size_t distance(std::string_view one, std::string_view other, std::size_t limit) {
  const std::size_t apart =
      one.size() > other.size() ? one.size() - other.size() : other.size() - one.size();
  if (apart >= limit) return limit;
  std::vector<std::size_t> before(other.size() + 1), row(other.size() + 1), next(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t changed = row[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      next[j] = std::min({changed, row[j] + 1, next[j - 1] + 1});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before.swap(row);
    row.swap(next);
    if (*std::min_element(row.begin(), row.end()) >= limit) return limit;
  }
  return std::min(row.back(), limit);
}

}  // namespace skald::document
