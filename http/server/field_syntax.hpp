#pragma once

#include <string_view>

namespace skald::http {

/// True when `text` is a token (RFC 9110 §5.6.2): not empty, no separators or control characters.
[[nodiscard]] bool is_token(std::string_view text);

/// True when `text` may stand as a field value (RFC 9110 §5.5): no control character but HTAB.
[[nodiscard]] bool is_field_value(std::string_view text);

/// Compares without regard to the case of ASCII letters, independent of any locale.
[[nodiscard]] bool same_ignoring_case(std::string_view a, std::string_view b);

/// `text` without the spaces and tabs around it.
[[nodiscard]] std::string_view trim_blanks(std::string_view text);

/// The value of a hexadecimal digit; -1 for any other character.
[[nodiscard]] int hex_value(char c);

}  // namespace skald::http
