#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/result.hpp"

namespace skald::http {

/// True when `text` is well-formed UTF-8 (RFC 3629): no overlong form, surrogate or value above
/// U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Decodes the %XX escapes of `text` (RFC 3986 §2.1) and leaves the rest, so '+' stays '+'.
/// Nothing when a '%' is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// `text` with everything but unreserved characters (RFC 3986 §2.3) as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The names and values of a query string (what follows '?') in their order, as browsers write
/// forms: pairs between '&', %XX decoded, '+' as space; "a" is "a" with an empty value, empty pairs
/// are skipped. Error: invalid_argument with a finding for each pair that has a broken escape or
/// does not decode to UTF-8.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view query);

}  // namespace skald::http
