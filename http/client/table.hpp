#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace skald::client {

/// The columns a text takes on a terminal (wide characters two, combining ones none); control
/// characters count as the '?' they are shown as.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// `text` without what could move the cursor or change colours, cut to `width` columns with "…".
[[nodiscard]] std::string shown(std::string_view text, std::size_t width);

/// Rows under headings, in columns as wide as their widest cell.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  /// As many cells as headings.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  /// At most `width` columns a line: the widest cells are cut for that. 0: as wide as it gets.
  void print(std::ostream& out, std::size_t width) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t width) const;

  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace skald::client
