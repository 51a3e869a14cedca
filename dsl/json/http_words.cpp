#include "dsl/json/http_words.hpp"

#include <algorithm>
#include <array>

namespace skald::document {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }
bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

/// The text with every "${…}" replaced by one letter.
std::string without_expressions(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto begin = text.find("${");
    out += text.substr(0, begin);
    if (begin == text.npos) break;
    const auto end = text.find('}', begin);
    if (end == text.npos) break;  // whoever compiles the expressions says so
    out += 'x';
    text.remove_prefix(end + 1);
  }
  return out;
}

bool has_dot_segment(std::string_view path) {
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

}  // namespace

std::optional<Request> parse_request(std::string_view text) {
  constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  constexpr std::string_view head = "${participants.";
  const auto space = text.find(' ');
  const auto method = text.substr(0, space);
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) return std::nullopt;
  const auto rest = space == text.npos ? std::string_view{} : text.substr(space + 1);
  const auto end = rest.find('}');
  if (!rest.starts_with(head) || end == rest.npos) return std::nullopt;
  const auto name = rest.substr(head.size(), end - head.size());
  if (name.empty() || !is_letter(name.front()) || !std::all_of(name.begin(), name.end(), is_name))
    return std::nullopt;
  return Request{std::string(method), std::string(name), space + 1 + end + 1};
}

std::string wrong_path(std::string_view path) {
  const std::string plain = without_expressions(path);
  if (!plain.starts_with('/')) return "begins with '/', behind the participant";
  if (plain.find('#') != plain.npos) return "has a fragment, which is never sent";
  if (!std::all_of(plain.begin(), plain.end(), is_visible))
    return "has a space or a character that is not ASCII; percent-encode it";
  if (has_dot_segment(plain)) return "has a '.' or '..' segment";
  return {};
}

std::string wrong_header_name(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  constexpr std::array<std::string_view, 16> ours{"host",
                                                  "content-length",
                                                  "content-type",
                                                  "transfer-encoding",
                                                  "connection",
                                                  "keep-alive",
                                                  "te",
                                                  "trailer",
                                                  "upgrade",
                                                  "expect",
                                                  "accept",
                                                  "accept-encoding",
                                                  "idempotency-key",
                                                  "traceparent",
                                                  "tracestate",
                                                  "user-agent"};
  const bool token = !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || marks.find(c) != marks.npos;
  });
  if (!token) return "is no name of a header";
  const std::string folded = lower(name);
  const bool taken = std::find(ours.begin(), ours.end(), folded) != ours.end() ||
                     folded.starts_with("saga-") || folded.starts_with("webhook-") ||
                     folded.starts_with("proxy-");
  return taken ? "is set by Skald itself" : "";
}

std::string wrong_header_value(std::string_view value) {
  const auto printable = [](char c) { return c == ' ' || c == '\t' || is_visible(c); };
  if (!std::all_of(value.begin(), value.end(), printable))
    return "has a character that no header may carry; use visible ASCII";
  for (auto at = value.find("${"); at != value.npos; at = value.find("${", at + 2)) {
    constexpr std::string_view head = "${secrets.";
    const auto end = value.find('}', at);
    const auto inside = value.substr(at, end == value.npos ? end : end - at);
    const auto name = inside.substr(std::min(head.size(), inside.size()));
    if (!inside.starts_with(head) || end == value.npos || name.empty() ||
        !std::all_of(name.begin(), name.end(), is_name))
      return "may hold ${secrets.NAME} and no other expression; what depends on the saga goes "
             "into the body or the path";
  }
  return {};
}

bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 14> names{
      "authorization", "password",     "passwd",      "pwd",       "secret",
      "clientsecret",  "apikey",       "xapikey",     "token",     "accesstoken",
      "authtoken",     "refreshtoken", "bearertoken", "privatekey"};
  std::string folded;
  for (const char c : lower(name))
    if (is_letter(c) || is_digit(c)) folded += c;
  return std::find(names.begin(), names.end(), folded) != names.end() ||
         (folded.starts_with("x") &&
          std::find(names.begin(), names.end(), folded.substr(1)) != names.end());
}

}  // namespace skald::document
