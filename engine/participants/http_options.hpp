#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/result.hpp"

namespace skald {

/// Where a participant is and how much of it is used at once.
struct HttpParticipantOptions {
  std::string name;      ///< 1 … 64 letters, digits, '-', '_' or '.'; unique
  std::string base_url;  ///< "http://127.0.0.1:7101/base"; the path of a call is appended
  std::size_t concurrent_max = 10;  ///< requests in flight, at least 1; also the most connections
  std::size_t queue_max = 1'000;    ///< calls that may wait for one of these places
  std::size_t response_bytes_max = std::size_t{1} << 20;  ///< of the body of an answer
  std::size_t response_header_bytes_max = 8 * 1024;
  std::size_t json_depth_max = 64;             ///< nesting in the body of an answer
  std::chrono::milliseconds idle_max{30'000};  ///< unused connections are closed by then
  bool allow_any_host = false;  ///< without it only 127.0.0.0/8, ::1 and localhost are accepted
};

/// The parts of a base URL.
struct BaseUrl {
  std::string host;  ///< lower case; an IPv6 address without its brackets
  std::uint16_t port = 80;
  std::string authority;     ///< what the Host field says, e.g. "127.0.0.1:7101", "[::1]:80"
  std::string path;          ///< without a slash at the end; may be empty
  bool needs_lookup = true;  ///< the host is a DNS name: no numeric address and not "localhost"
};

/// Reads an absolute http:// URL (RFC 3986) without user, query, fragment and dot segments.
///
/// Error: invalid_argument; the message says what is wrong and what would be right. A host other
/// than a loopback one is refused unless `allow_any_host`: a definition must not be able to make
/// the engine call into networks that its operator did not think of.
[[nodiscard]] Result<BaseUrl> parse_base_url(std::string_view url, bool allow_any_host);

/// Reads "accounts=http://127.0.0.1:7101/base", as on the command line; the other options keep
/// their defaults. Error: invalid_argument, as with parse_base_url().
[[nodiscard]] Result<HttpParticipantOptions> parse_participant(std::string_view text,
                                                               bool allow_any_host = false);

/// Whether the participants can be used together. Error: invalid_argument with one finding for each
/// bad name, name used twice, bad URL and limit out of range.
[[nodiscard]] Result<void> check_participants(
    const std::vector<HttpParticipantOptions>& participants);

}  // namespace skald
