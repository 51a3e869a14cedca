#include "http/client/table.hpp"

#include <algorithm>
#include <cwchar>
#include <limits>
#include <numeric>
#include <ostream>

namespace skald::client {

namespace {

constexpr std::size_t gap = 2;
/// A column is not cut below this.
constexpr std::size_t narrowest = 8;

/// One character of UTF-8 text.
struct Character {
  std::string_view bytes;
  std::size_t columns = 1;
  bool is_control = false;
};

std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

Character next(std::string_view text) {
  const auto length = std::min(length_of(static_cast<unsigned char>(text.front())), text.size());
  Character found{text.substr(0, length)};
  auto code = static_cast<wchar_t>(static_cast<unsigned char>(text.front()));
  if (length > 1) {
    code &= (1 << (7 - length)) - 1;
    for (const char c : found.bytes.substr(1)) code = (code << 6) | (c & 0x3f);
  }
  // Directions of writing could reorder the rest of the line.
  const bool turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  found.is_control = code < 0x20 || (code >= 0x7f && code < 0xa0) || turns;
  const int columns = wcwidth(code);
  if (!found.is_control && columns >= 0) found.columns = static_cast<std::size_t>(columns);
  return found;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto character = next(text);
    columns += character.columns;
    text.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string shown(std::string_view text, std::size_t width) {
  const bool cut = display_width(text) > width;
  std::size_t left = cut && width > 0 ? width - 1 : width;
  std::string result;
  while (!text.empty()) {
    const auto character = next(text);
    if (character.columns > left) break;
    left -= character.columns;
    result += character.is_control ? std::string_view("?") : character.bytes;
    text.remove_prefix(character.bytes.size());
  }
  return cut ? result + "…" : result;
}

std::vector<std::size_t> Table::widths(std::size_t width) const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    std::size_t widest = display_width(headings_[i]);
    for (const auto& row : rows_) widest = std::max(widest, display_width(row[i]));
    columns.push_back(widest);
  }
  if (width == 0) return columns;
  const auto total = [&] {
    return std::accumulate(columns.begin(), columns.end(), gap * (columns.size() - 1));
  };
  while (total() > width) {
    const auto widest = std::max_element(columns.begin(), columns.end());
    if (*widest <= narrowest) break;
    --*widest;
  }
  return columns;
}

void Table::print(std::ostream& out, std::size_t width) const {
  const auto columns = widths(width);
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = shown(cells[i], columns[i]);
      text += cell;
      if (i + 1 < cells.size()) text.append(columns[i] - display_width(cell) + gap, ' ');
    }
    out << text << '\n';
  };
  line(headings_);
  for (const auto& row : rows_) line(row);
}

}  // namespace skald::client
