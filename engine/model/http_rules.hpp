#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/step.hpp"

/// What a request of a step may be: one rule for definitions, which are checked for it, and for the
/// moment when it is sent.
namespace skald {

/// The longest path and query, as RFC 9110 §4.1 recommends every recipient to support.
inline constexpr std::size_t path_bytes_max = 8'000;
/// The most bytes of a header's value, its secrets filled in.
inline constexpr std::size_t header_value_bytes_max = 8 * 1024;

/// Whether `text` is a token of RFC 9110 §5.6.2, as methods and field names are.
[[nodiscard]] bool is_token(std::string_view text);

/// Whether `name` is 1 to 64 ASCII letters, digits, '_' or '-'.
[[nodiscard]] bool is_secret_name(std::string_view name);

/// Whether a server could take a segment of the path for "." or "..", however it is encoded.
[[nodiscard]] bool has_dot_segment(std::string_view path);

struct PathFault {
  std::string why;   ///< after "the path '…'", e.g. "is not in origin-form"
  std::string hint;  ///< a sentence: what would be right
};

/// Why `path` cannot be asked for: too long, not in origin-form (RFC 9112 §3.2.1), or with dot
/// segments, which could leave the participant's base path. None: it can.
[[nodiscard]] std::optional<PathFault> wrong_path(std::string_view path);

/// A part of a header's value: text as it stands, or the name of a secret.
struct HeaderPiece {
  std::string_view text;
  bool is_secret = false;
};

/// Cuts a value at its "${secrets.NAME}". None when another "${" is in it.
[[nodiscard]] std::optional<std::vector<HeaderPiece>> header_pieces(std::string_view value);

struct HeaderFault {
  std::size_t index = 0;  ///< of the header
  std::string why;        ///< never shows a value
  const char* code = "";
  bool in_value = false;  ///< else it is the name
};

/// Everything that keeps `headers` from being sent, whichever secrets there are: names that are no
/// token, belong to the wire contract or come twice (case does not tell them apart), and values
/// that are too long, with control characters or with a "${" that is not "${secrets.NAME}".
[[nodiscard]] std::vector<HeaderFault> header_faults(const std::vector<Header>& headers);

}  // namespace skald
