#include "engine/model/path.hpp"

namespace skald {

namespace {

/// RFC 3986 §2.3.
bool is_unreserved(char c) {
  const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return plain || std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> path_segment(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  if (text.empty() || text == "." || text == "..") return std::nullopt;
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return out;
}

}  // namespace skald
