#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The parts of a request as documents write them.
namespace skald::document {

struct Request {
  std::string method;
  std::string participant;
  std::size_t path = 0;  ///< where it begins in the text; at its end when there is none
};

/// Takes "POST ${participants.accounts}/debits" apart. None: it is not written so.
[[nodiscard]] std::optional<Request> parse_request(std::string_view text);

/// Why `path` cannot be asked for, or empty. What stands in "${…}" is not looked at.
[[nodiscard]] std::string wrong_path(std::string_view path);

/// Why `name` cannot be a header of a step, or empty: no token (RFC 9110 §5.1), or one of those
/// that the wire contract or HTTP itself sets.
[[nodiscard]] std::string wrong_header_name(std::string_view name);

/// Why `value` cannot be sent, or empty. Only ${secrets.NAME} may stand in it.
[[nodiscard]] std::string wrong_header_value(std::string_view value);

/// Whether a field or header of this name usually holds a secret.
[[nodiscard]] bool is_secret_name(std::string_view name);

}  // namespace skald::document
