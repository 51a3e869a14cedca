#include "dsl/json/canonical.hpp"

#include <openssl/sha.h>

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace skald::document {

namespace {

using nlohmann::json;

/// UTF-16 puts U+E000 … U+FFFF behind the characters beyond them, UTF-8 before.
bool before_in_utf16(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (differ.first == a.end() || differ.second == b.end()) return a.size() < b.size();
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? 0xEDu : byte >= 0xEE ? byte + 0x10u : static_cast<unsigned>(byte);
  };
  const auto one = rank(*differ.first), other = rank(*differ.second);
  return one != other ? one < other : *differ.first < *differ.second;
}

void append_text(std::string& out, std::string_view text) {
  static constexpr std::string_view from = "\"\\\b\f\n\r\t", to = "\"\\bfnrt";
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto known = from.find(c);
    if (known != from.npos) {
      out += '\\';
      out += to[known];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// ECMA-262, Number::toString: the shortest digits that give the number back, as a decimal fraction
/// from 1e-6 up to below 1e21, else with an exponent.
void append_double(std::string& out, double number) {
  if (number == 0) {
    out += '0';  // also for -0
    return;
  }
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const auto mark = text.find('e');
  int exponent = 0;
  const auto* first = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(first, text.data() + text.size(), exponent);
  std::string digits(1, text.front());
  if (mark > 2) digits += text.substr(2, mark - 2);
  const auto count = static_cast<int>(digits.size());
  const auto zeros = [](int n) { return std::string(static_cast<std::size_t>(n), '0'); };
  if (exponent < -6 || exponent >= 21) {
    out += digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + "e" +
           (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
  } else if (exponent < 0) {
    out += "0." + zeros(-exponent - 1) + digits;
  } else if (count <= exponent + 1) {
    out += digits + zeros(exponent + 1 - count);
  } else {
    const auto whole = static_cast<std::size_t>(exponent + 1);
    out += digits.substr(0, whole) + "." + digits.substr(whole);
  }
}

void append(std::string& out, const json& value);

void append_object(std::string& out, const json& value) {
  std::vector<json::const_iterator> members;
  for (auto member = value.begin(); member != value.end(); ++member) members.push_back(member);
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return before_in_utf16(a.key(), b.key()); });
  out += '{';
  for (const auto& member : members) {
    if (out.back() != '{') out += ',';
    append_text(out, member.key());
    out += ':';
    append(out, *member);
  }
  out += '}';
}

void append(std::string& out, const json& value) {
  if (value.is_object()) return append_object(out, value);
  if (value.is_string()) return append_text(out, value.get_ref<const std::string&>());
  if (value.is_number_float()) return append_double(out, value.get<double>());
  if (!value.is_array()) {
    out += value.dump();
    return;
  }
  out += '[';
  for (const auto& element : value) {
    if (&element != &value.front()) out += ',';
    append(out, element);
  }
  out += ']';
}

}  // namespace

std::string canonical_text(const json& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string out;
  for (const unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

}  // namespace skald::document
