#include "engine/model/names.hpp"

#include <algorithm>

namespace skald {

namespace {

constexpr std::size_t name_max = 128;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_name(std::string_view text) {
  static constexpr std::string_view marks = "._-:";
  return !text.empty() && text.size() <= name_max && is_letter_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || marks.find(c) != marks.npos; });
}

}  // namespace skald
