#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skald {

/// The longest text of a participant or exception that goes into a message or reason, in bytes.
inline constexpr std::size_t foreign_text_bytes_max = 500;

/// `text` of unknown origin as valid UTF-8 of at most `bytes_max` bytes, cut at a character.
///
/// Each byte that is no UTF-8 (RFC 3629) becomes U+FFFD; control characters become spaces, so that
/// the text can neither break a log line nor drive a terminal.
[[nodiscard]] std::string safe_text(std::string_view text,
                                    std::size_t bytes_max = foreign_text_bytes_max);

}  // namespace skald
