#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Text as Unicode code points: what the language counts in. Indexes and sizes are code points.
namespace skald::expr {

/// Whether `text` is UTF-8 as RFC 3629 has it: no overlong forms, no surrogates.
[[nodiscard]] bool is_utf8(std::string_view text);

/// How many bytes the code point takes that begins with `lead`; 1 for what begins none.
[[nodiscard]] std::size_t width_of(char lead);

[[nodiscard]] std::size_t count_characters(std::string_view text);

/// The byte where the code point number `index` begins (text.size() for the one behind the last);
/// none when there are fewer.
[[nodiscard]] std::optional<std::size_t> byte_of(std::string_view text, std::size_t index);

/// At most about `bytes` of the beginning, cut between code points, with "…" when cut.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t bytes);

/// Appends `code_point` as UTF-8; false when it is a surrogate or beyond U+10FFFF.
bool append_character(std::string& out, std::uint32_t code_point);

/// Without the white space of Unicode at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace skald::expr
