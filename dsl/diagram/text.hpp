#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names as they may be shown: they come from documents and may hold anything.
namespace skald::diagram {

/// The characters of UTF-8 text. What is not UTF-8 becomes U+FFFD, byte by byte.
[[nodiscard]] std::u32string characters(std::string_view text);

void append_utf8(std::string& out, char32_t character);

/// `text` as one line of valid UTF-8: control characters count as spaces, and of several spaces one
/// remains; what would change the direction of the text around it, and what XML does not allow,
/// becomes U+FFFD.
[[nodiscard]] std::string one_line(std::string_view text);

/// At most `most` characters of `text`, the last of them "…" when there were more.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t most);

/// How wide `text` is at a font size of 1 in Helvetica, or whatever has its widths.
[[nodiscard]] double width_of(std::string_view text);

/// `text` in lines of about `most` characters, broken at spaces where there are any.
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, std::size_t most);

}  // namespace skald::diagram
