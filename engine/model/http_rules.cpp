#include "engine/model/http_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace skald {

namespace {

/// Fields that the engine writes itself, that frame the message or that belong to the connection.
constexpr std::array<std::string_view, 16> reserved_names{
    "accept",       "accept-encoding", "connection", "content-encoding", "content-length",
    "content-type", "expect",          "host",       "idempotency-key",  "keep-alive",
    "te",           "traceparent",     "tracestate", "trailer",          "transfer-encoding",
    "upgrade"};
/// Of the wire contract, Saga-Id and so on, and of the signature of Standard Webhooks.
constexpr std::array<std::string_view, 3> reserved_starts{"saga-", "webhook-", "proxy-"};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_reserved(const std::string& lower_name) {
  const auto begins = [&](std::string_view start) { return lower_name.starts_with(start); };
  return std::find(reserved_names.begin(), reserved_names.end(), lower_name) !=
             reserved_names.end() ||
         std::any_of(reserved_starts.begin(), reserved_starts.end(), begins);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// A path and query of RFC 3986 §3.3 and §3.4: what is not in here, a backslash above all, servers
/// take for different things.
bool is_path_and_query(std::string_view text) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/?%";
  const auto is_allowed = [&](char c) { return is_alphanumeric(c) || marks.find(c) != marks.npos; };
  if (!text.starts_with('/') || !std::all_of(text.begin(), text.end(), is_allowed)) return false;
  constexpr std::string_view hex = "0123456789abcdefABCDEF";
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1))
    if (at + 2 >= text.size() || hex.find(text[at + 1]) == hex.npos ||
        hex.find(text[at + 2]) == hex.npos)
      return false;
  return true;
}

struct Decoded {
  char character;
  std::size_t size;  ///< how many characters of the path it takes
};

/// The first character of `path`; one that decides over segments also where it is percent-encoded.
Decoded decoded_mark(std::string_view path) {
  const std::string code = lower(path.substr(0, 3));
  if (code == "%2e") return {'.', 3};
  if (code == "%2f" || code == "%5c") return {'/', 3};
  return {path[0] == '\\' ? '/' : path[0], 1};
}

/// The least that the value can grow to.
std::size_t bytes_of(const std::vector<HeaderPiece>& pieces) {
  std::size_t bytes = 0;
  for (const auto& piece : pieces) bytes += piece.is_secret ? 1 : piece.text.size();
  return bytes;
}

HeaderFault wrong_with(const Header& header) {
  if (!is_token(header.name)) return {0, "this is no name of a header", "HEADER_NAME"};
  if (is_reserved(lower(header.name)))
    return {0, "this header belongs to the engine's own requests; leave it out", "HEADER_RESERVED"};
  if (has_control(header.value))
    return {0, "the value has a line break or another control character", "HEADER_VALUE", true};
  const auto pieces = header_pieces(header.value);
  if (!pieces)
    return {0, "in the value, ${ must be the beginning of ${secrets.NAME}", "HEADER_VALUE", true};
  if (bytes_of(*pieces) > header_value_bytes_max)
    return {0, "the value is over " + std::to_string(header_value_bytes_max) + " bytes",
            "HEADER_VALUE", true};
  return {};
}

}  // namespace

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || marks.find(c) != marks.npos;
  });
}

bool is_secret_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
  });
}

bool has_dot_segment(std::string_view path) {
  path = path.substr(0, path.find('?'));
  std::string segment;
  while (!path.empty()) {
    const auto [character, size] = decoded_mark(path);
    path.remove_prefix(size);
    if (character != '/') {
      segment += character;
      continue;
    }
    if (segment == "." || segment == "..") return true;
    segment.clear();
  }
  return segment == "." || segment == "..";
}

std::optional<PathFault> wrong_path(std::string_view path) {
  if (path.size() > path_bytes_max)
    return PathFault{"is over " + std::to_string(path_bytes_max) + " bytes",
                     "Send long values in the body."};
  if (!is_path_and_query(path))
    return PathFault{"is not in origin-form",
                     "Begin with '/', leave out the fragment and percent-encode all that RFC 3986 "
                     "does not allow in a path or query."};
  if (has_dot_segment(path))
    return PathFault{"has a '.' or '..' segment", "Write the path without dot segments."};
  return std::nullopt;
}

std::optional<std::vector<HeaderPiece>> header_pieces(std::string_view value) {
  constexpr std::string_view start = "${secrets.";
  std::vector<HeaderPiece> pieces;
  while (!value.empty()) {
    const std::size_t at = std::min(value.find("${"), value.size());
    if (at > 0) pieces.push_back({value.substr(0, at)});
    value.remove_prefix(at);
    if (value.empty()) break;
    const std::size_t end = value.find('}');
    if (!value.starts_with(start) || end == value.npos) return std::nullopt;
    const std::string_view name = value.substr(start.size(), end - start.size());
    if (!is_secret_name(name)) return std::nullopt;
    pieces.push_back({name, true});
    value.remove_prefix(end + 1);
  }
  return pieces;
}

std::vector<HeaderFault> header_faults(const std::vector<Header>& headers) {
  std::vector<HeaderFault> faults;
  std::set<std::string> names;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    auto fault = wrong_with(headers[i]);
    fault.index = i;
    if (!fault.why.empty()) faults.push_back(std::move(fault));
    if (!names.insert(lower(headers[i].name)).second)
      faults.push_back({i, "this header is given twice", "HEADER_NAME"});
  }
  return faults;
}

}  // namespace skald
