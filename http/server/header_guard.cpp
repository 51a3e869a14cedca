#include "http/server/header_guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "http/server/field_syntax.hpp"

namespace skald::http {
namespace {

using Verdict = std::optional<Refusal>;

constexpr std::array<std::string_view, 7> known_methods = {"GET",   "HEAD",   "POST",   "PUT",
                                                           "PATCH", "DELETE", "OPTIONS"};

Refusal malformed(std::string why) { return {400, "MALFORMED_REQUEST", std::move(why)}; }
Refusal ambiguous(std::string why) { return {400, "AMBIGUOUS_FRAMING", std::move(why)}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// The fields that decide where a message ends and whom it is for.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  std::string_view length;
  std::string_view encoding;
  std::string_view expectation;
};

Verdict check_characters(std::string_view block) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    const char c = block[i];
    if (c == '\n') return ambiguous("a line ends with a bare LF; lines end with CR LF");
    if (c == '\r') {
      if (i + 1 == block.size() || block[i + 1] != '\n')
        return ambiguous("a bare CR in the header; lines end with CR LF");
      ++i;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f)
      return malformed("a control character in the header");
  }
  return std::nullopt;
}

Verdict check_target(std::string_view target) {
  if (target.empty() || target.front() != '/')
    return malformed("the request target must be a path that starts with '/'");
  if (target.find('#') != std::string_view::npos)
    return malformed("the request target must not have a fragment ('#')");
  const bool visible = std::all_of(target.begin(), target.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f;
  });
  if (!visible) return malformed("the request target may hold visible ASCII only; escape as %XX");
  return std::nullopt;
}

Verdict check_version(std::string_view version) {
  const bool shaped = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                      version[6] == '.' && is_digit(version[7]);
  if (!shaped) return malformed("the request line must end with a version such as HTTP/1.1");
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  return Refusal{505, "VERSION_NOT_SUPPORTED", "HTTP/1.1 and HTTP/1.0 are served here"};
}

Verdict check_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == last || !is_token(line.substr(0, first)))
    return malformed("the request line must be: method, one space, path, one space, version");
  if (auto bad = check_version(line.substr(last + 1))) return bad;
  const auto method = line.substr(0, first);
  if (std::find(known_methods.begin(), known_methods.end(), method) == known_methods.end())
    return Refusal{501, "METHOD_UNKNOWN",
                   "the methods served here are GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS"};
  return check_target(line.substr(first + 1, last - first - 1));
}

void note(Framing& framing, std::string_view name, std::string_view value) {
  if (same_ignoring_case(name, "Host")) ++framing.hosts;
  if (same_ignoring_case(name, "Expect")) framing.expectation = value;
  if (same_ignoring_case(name, "Content-Length")) {
    ++framing.lengths;
    framing.length = value;
  }
  if (same_ignoring_case(name, "Transfer-Encoding")) {
    ++framing.encodings;
    framing.encoding = value;
  }
}

Verdict check_field(Framing& framing, std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t')
    return ambiguous("a header line starts with a blank; folded lines are not accepted");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return malformed("a header line has no colon");
  const auto name = line.substr(0, colon);
  if (!name.empty() && (name.back() == ' ' || name.back() == '\t'))
    return ambiguous("a blank between a field name and its colon");
  if (!is_token(name)) return malformed("a field name is empty or holds forbidden characters");
  note(framing, name, trim_blanks(line.substr(colon + 1)));
  return std::nullopt;
}

Verdict check_length(const Framing& framing) {
  if (framing.lengths == 0) return std::nullopt;
  if (framing.lengths > 1) return ambiguous("Content-Length is given more than once");
  std::uint64_t length = 0;
  const auto* end = framing.length.data() + framing.length.size();
  const auto read = std::from_chars(framing.length.data(), end, length);
  if (!all_digits(framing.length) || read.ec != std::errc{} || read.ptr != end)
    return ambiguous("Content-Length must be one decimal number below 2^64");
  return std::nullopt;
}

Verdict check_framing(const Framing& framing, bool http_1_0) {
  if (framing.hosts > 1) return malformed("Host is given more than once");
  if (framing.hosts == 0 && !http_1_0)
    return malformed("HTTP/1.1 requests must have exactly one Host field");
  if (framing.encodings > 0 && framing.lengths > 0)
    return ambiguous("both Content-Length and Transfer-Encoding are given; use one");
  if (framing.encodings > 0 && http_1_0)
    return ambiguous("Transfer-Encoding does not exist in HTTP/1.0");
  if (framing.encodings > 1 || (framing.encodings == 1 && framing.encoding != "chunked"))
    return ambiguous("Transfer-Encoding must be given once, as: chunked");
  if (auto bad = check_length(framing)) return bad;
  if (!framing.expectation.empty() && !same_ignoring_case(framing.expectation, "100-continue"))
    return Refusal{417, "EXPECTATION_UNKNOWN", "the only expectation known here is 100-continue"};
  return std::nullopt;
}

bool is_loopback_v4(std::string_view name) {
  int octets = 0;
  for (bool more = true; more; ++octets) {
    const auto octet = name.substr(0, name.find('.'));
    more = octet.size() < name.size();
    name.remove_prefix(octet.size() + (more ? 1 : 0));
    if (!all_digits(octet) || octet.size() > 3) return false;
    if (octet.size() == 3 && octet > "255") return false;
    if (octets == 0 && octet != "127") return false;
  }
  return octets == 4;
}

}  // namespace

std::optional<std::size_t> header_length(std::string_view bytes) {
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    const auto rest = bytes.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return std::nullopt;
}

Verdict check_header(std::string_view block) {
  if (auto bad = check_characters(block)) return bad;
  if (!block.ends_with("\r\n\r\n")) return malformed("the header does not end with an empty line");
  block.remove_suffix(2);
  const auto line_end = block.find("\r\n");
  const auto request_line = block.substr(0, line_end);
  if (auto bad = check_request_line(request_line)) return bad;
  block.remove_prefix(line_end + 2);
  Framing framing;
  while (!block.empty()) {
    const auto line = block.substr(0, block.find("\r\n"));
    if (line.empty()) return malformed("an empty line inside the header");
    if (auto bad = check_field(framing, line)) return bad;
    block.remove_prefix(line.size() + 2);
  }
  return check_framing(framing, request_line.ends_with("1.0"));
}

bool is_loopback_host(std::string_view host) {
  const auto name_end = host.starts_with('[') ? host.find(']') : host.find(':');
  const bool bracketed = host.starts_with('[');
  if (bracketed && name_end == std::string_view::npos) return false;
  const auto name = host.substr(0, bracketed ? name_end + 1 : name_end);
  const auto port = host.substr(name.size());
  if (!port.empty() && (port.front() != ':' || port.size() > 6)) return false;
  if (port.size() > 1 && !all_digits(port.substr(1))) return false;
  return same_ignoring_case(name, "localhost") || name == "[::1]" || is_loopback_v4(name);
}

}  // namespace skald::http
