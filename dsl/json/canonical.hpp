#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace skald::document {

/// The one text of a JSON value (RFC 8785): no white space, keys sorted by their UTF-16 code units,
/// numbers as ECMAScript prints them. Integers that no double holds keep all their digits.
[[nodiscard]] std::string canonical_text(const nlohmann::json& value);

/// SHA-256 (FIPS 180-4) of `text`, in lower-case hexadecimal.
[[nodiscard]] std::string sha256(std::string_view text);

}  // namespace skald::document
