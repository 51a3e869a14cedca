#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/result.hpp"
#include "engine/model/step.hpp"
#include "engine/participants/secrets.hpp"

namespace skald {

/// The most bytes of a header's value, its secrets filled in.
inline constexpr std::size_t header_value_bytes_max = 8 * 1024;

/// Everything that keeps `headers` from being sent, whichever secrets there are: names that are no
/// token, belong to the wire contract or come twice, and values with control characters or with a
/// "${" that is not "${secrets.NAME}". Values are never shown. `where` is "header <name>".
[[nodiscard]] std::vector<Finding> check_headers(const std::vector<Header>& headers);

/// The names of the secrets that a header's value asks for, in its order.
[[nodiscard]] std::vector<std::string> secrets_in(std::string_view value);

/// `headers` as lines of a request, each with its CRLF, secrets filled in.
///
/// Error: not_found, naming it, for a secret that is not there; invalid_argument with the findings
/// of check_headers(), or when a value grows too long.
[[nodiscard]] Result<std::string> header_lines(const std::vector<Header>& headers,
                                               const Secrets& secrets);

/// Whether `text` is a token of RFC 9110 §5.6.2, as methods and field names are.
[[nodiscard]] bool is_token(std::string_view text);

}  // namespace skald
