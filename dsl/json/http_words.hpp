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

/// Why nothing can be asked for at `path`, whatever its "${…}" give: the rule of
/// engine/model/http_rules.hpp, and what would be right. Empty: it can.
[[nodiscard]] std::string wrong_literals(std::string_view path);

/// Servers read other characters in headers in different ways.
[[nodiscard]] bool is_ascii(std::string_view text);

/// Whether a field or header of this name usually holds a secret.
[[nodiscard]] bool sounds_secret(std::string_view name);

}  // namespace skald::document
