#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skald::http {

/// Why a request is not served.
struct Refusal {
  int status;             ///< HTTP status
  std::string_view code;  ///< UPPER_SNAKE, a literal
  std::string why;        ///< what is wrong and what would be right
};

/// The length of the header block at the start of `bytes`, with the empty line that ends it;
/// nothing while it is incomplete. Bare line feeds end lines here too, so that check_header() sees
/// and refuses them at once instead of waiting for an end that another server saw long ago.
[[nodiscard]] std::optional<std::size_t> header_length(std::string_view bytes);

/// Checks one complete header block (request line to empty line) for everything that two servers
/// could understand differently, or that Skald does not serve. Nothing means: fit for parsing.
///
/// Stricter than RFC 9112 where leniency has been used for request smuggling: no bare CR or LF, no
/// line folding, no repeated or listed Content-Length, only "chunked" as Transfer-Encoding and
/// never with Content-Length or in HTTP/1.0, exactly one Host in HTTP/1.1, only origin-form
/// targets.
[[nodiscard]] std::optional<Refusal> check_header(std::string_view block);

/// True when the value of a Host field names this machine itself: "localhost", 127.x.x.x or [::1],
/// with any port. A page from elsewhere whose name was rebound to a loopback address sends its own
/// name, and so is told apart.
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace skald::http
