#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skald::http {

/// A place in the changes of one process: places of another say nothing here.
struct Cursor {
  std::uint64_t process = 0;
  std::uint64_t place = 0;
};

/// The text that stands for it. Opaque to clients.
[[nodiscard]] std::string to_text(const Cursor& cursor);

/// The cursor that `text` stands for; nothing when it was never one.
[[nodiscard]] std::optional<Cursor> read_cursor(std::string_view text);

}  // namespace skald::http
