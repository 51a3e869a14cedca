#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "engine/model/result.hpp"

namespace skald {

/// How much JSON is accepted from outside.
struct JsonLimits {
  std::size_t depth = 64;                   ///< nested arrays and objects
  std::size_t size = std::size_t{1} << 20;  ///< bytes of text
};

/// An immutable JSON value, shared when copied, so that saga data is never copied or printed twice.
///
/// Holds the compact text and, from the first use of value(), the parsed tree. All members may be
/// called from any thread.
class Json {
 public:
  /// The JSON value null.
  Json() = default;
  /// A tree built by code; prints it once.
  explicit Json(nlohmann::json value);

  /// Parses text from outside: refuses bad syntax, invalid UTF-8, duplicate keys, and what is over
  /// `limits`. The error names line:column and the reason. Kept compact, whatever the layout was.
  [[nodiscard]] static Result<Json> parse(std::string_view text, JsonLimits limits = {});

  /// Text that text() gave earlier, e.g. read back from storage; parsed on first use of value().
  [[nodiscard]] static Json from_stored(std::string text);

  [[nodiscard]] const nlohmann::json& value() const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] bool is_null() const { return node_ == nullptr; }

  friend bool operator==(const Json& a, const Json& b) { return a.text() == b.text(); }

 private:
  struct Node;
  explicit Json(std::shared_ptr<const Node> node);
  std::shared_ptr<const Node> node_;  ///< null: the value null
};

/// Appends `text` to `out` as a JSON string with quotes and escapes. What is not UTF-8 in it
/// becomes U+FFFD: error texts come from participants and libraries, and must not make a saga
/// unreadable.
void append_json_string(std::string& out, std::string_view text);

/// `name` as one token of a JSON Pointer (RFC 6901 §3), without the slash before it.
[[nodiscard]] std::string escape_pointer(std::string_view name);

}  // namespace skald
