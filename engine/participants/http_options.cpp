#include "engine/participants/http_options.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "engine/model/http_rules.hpp"

namespace skald {

namespace {

constexpr std::string_view url_form = "http://HOST[:PORT][/PATH], e.g. http://127.0.0.1:7101";
constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

Error refusal(std::string message) {
  return {
      ErrorCode::invalid_argument, std::move(message), "Write " + std::string(url_form) + ".", {}};
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

enum class HostKind { loopback, other_address, name };

HostKind kind_of(const std::string& host, bool bracketed) {
  in_addr v4{};
  in6_addr v6{};
  if (bracketed)
    return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6)
               ? HostKind::loopback
               : HostKind::other_address;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1)
    return ntohl(v4.s_addr) >> 24 == 127 ? HostKind::loopback : HostKind::other_address;
  return host == "localhost" ? HostKind::loopback : HostKind::name;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return refusal("The port " + quoted(text) + " is no number from 1 to 65535.");
  return static_cast<std::uint16_t>(port);
}

struct Authority {
  std::string_view host;
  std::string_view port;  ///< after ':'; only if has_port
  bool has_port = false;
  bool bracketed = false;
};

Result<Authority> split_authority(std::string_view text) {
  Authority parts;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos) return refusal("The address " + quoted(text) + " lacks its ']'.");
    parts.bracketed = true;
    parts.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (!text.empty() && text[0] != ':')
      return refusal("After ']' comes ':' and a port or nothing, not " + quoted(text) + ".");
  } else {
    parts.host = text.substr(0, text.find(':'));
    text.remove_prefix(parts.host.size());
  }
  parts.has_port = !text.empty();
  if (parts.has_port) parts.port = text.substr(1);
  return parts;
}

Result<void> check_host(const Authority& authority, const std::string& host, bool allow_any_host) {
  if (host.empty()) return refusal("The URL names no host.");
  in6_addr v6{};
  if (authority.bracketed && inet_pton(AF_INET6, host.c_str(), &v6) != 1)
    return refusal(quoted(host) + " is no IPv6 address.");
  if (!authority.bracketed && host.find_first_not_of(name_characters) != host.npos)
    return refusal("The host " + quoted(host) + " has a character that no host name has.");
  if (allow_any_host || kind_of(host, authority.bracketed) == HostKind::loopback) return {};
  return Error{ErrorCode::invalid_argument,
               "The host " + quoted(host) +
                   " is not a loopback one, and participants elsewhere are not allowed.",
               "Use 127.0.0.1, [::1] or localhost.",
               {}};
}

Result<void> check_path(std::string_view path) {
  const auto is_visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!std::all_of(path.begin(), path.end(), is_visible))
    return refusal("The path has a space, control character or non-ASCII byte; percent-encode it.");
  if (path.find_first_of("?#") != path.npos)
    return refusal("The URL has a query or fragment; a base URL ends with its path.");
  if (has_dot_segment(path)) return refusal("The path has a '.' or '..' segment.");
  return {};
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(name_characters) == name.npos;
}

std::string bad_name(std::string_view name) {
  return quoted(name) +
         " is no name for a participant: use 1 to 64 letters, digits, '-', '_' or '.'";
}

}  // namespace

Result<BaseUrl> parse_base_url(std::string_view url, bool allow_any_host) {
  const std::size_t colon = url.find("://");
  if (colon == url.npos) return refusal(quoted(url) + " is no URL: it has no \"http://\".");
  const std::string scheme = lower(url.substr(0, colon));
  if (scheme == "https")
    return refusal("https is not supported yet: reach the participant over http://.");
  if (scheme != "http") return refusal("The scheme " + quoted(scheme) + " is not supported.");
  url.remove_prefix(colon + 3);

  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  std::string_view path = url.substr(authority.size());
  if (authority.find('@') != authority.npos)
    return refusal("The URL has a user name; only the host and port are used.");
  const auto parts = split_authority(authority);
  if (!parts) return parts.error();

  BaseUrl base;
  base.host = lower(parts->host);
  if (const auto checked = check_host(*parts, base.host, allow_any_host); !checked)
    return checked.error();
  if (parts->has_port) {
    const auto port = parse_port(parts->port);
    if (!port) return port.error();
    base.port = *port;
  }
  if (const auto checked = check_path(path); !checked) return checked.error();
  while (path.ends_with('/')) path.remove_suffix(1);
  base.path = path;
  base.authority =
      (parts->bracketed ? "[" + base.host + "]" : base.host) + ":" + std::to_string(base.port);
  base.needs_lookup = !parts->bracketed && kind_of(base.host, false) == HostKind::name;
  return base;
}

Result<HttpParticipantOptions> parse_participant(std::string_view text, bool allow_any_host) {
  const std::size_t equals = text.find('=');
  const std::string form = "Write NAME=" + std::string(url_form) + ".";
  if (equals == text.npos)
    return Error{ErrorCode::invalid_argument,
                 "The participant " + quoted(text) + " has no '=' between its name and its URL.",
                 form,
                 {}};
  HttpParticipantOptions options;
  options.name = text.substr(0, equals);
  options.base_url = text.substr(equals + 1);
  options.allow_any_host = allow_any_host;
  if (!is_name(options.name))
    return Error{ErrorCode::invalid_argument, bad_name(options.name) + ".", form, {}};
  const auto base = parse_base_url(options.base_url, allow_any_host);
  if (base) return options;
  Error error = base.error();
  error.message = "Participant " + quoted(options.name) + ": " + error.message;
  return error;
}

Result<void> check_participants(const std::vector<HttpParticipantOptions>& participants) {
  Error error{ErrorCode::invalid_argument, "The participants cannot be used.", {}, {}};
  const auto find = [&](const std::string& name, std::string why, const char* code) {
    error.findings.push_back({name, std::move(why), code});
  };
  std::set<std::string_view> names;
  for (const auto& options : participants) {
    if (!is_name(options.name)) find(options.name, bad_name(options.name), "PARTICIPANT_NAME");
    if (!names.insert(options.name).second)
      find(options.name, "this name is used twice; names must be unique", "PARTICIPANT_NAME");
    if (options.concurrent_max < 1)
      find(options.name, "at least 1 request at once must be allowed", "PARTICIPANT_LIMIT");
    if (options.idle_max.count() < 1)
      find(options.name, "idle_max must be at least 1 ms", "PARTICIPANT_LIMIT");
    const auto base = parse_base_url(options.base_url, options.allow_any_host);
    if (!base)
      find(options.name, base.error().message + " " + base.error().hint, "PARTICIPANT_URL");
  }
  if (error.findings.empty()) return {};
  return error;
}

}  // namespace skald
