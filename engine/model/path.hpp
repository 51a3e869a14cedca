#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// `text` as one segment of a path, percent-encoded (RFC 3986 §2.1), so that no text can change the
/// shape of the path. None for an empty one, "." and "..": they would name another resource.
[[nodiscard]] std::optional<std::string> path_segment(std::string_view text);

}  // namespace skald
