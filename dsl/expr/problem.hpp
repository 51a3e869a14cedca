#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/error.hpp"

namespace skald::expr {

/// One thing wrong with an expression.
struct Problem {
  /// EXPR_SYNTAX, EXPR_TOO_LONG, EXPR_TOO_DEEP, EXPR_UNKNOWN_REFERENCE, EXPR_UNKNOWN_STEP,
  /// EXPR_ROOT_NOT_ALLOWED, EXPR_MAY_BE_ABSENT, EXPR_TYPE, EXPR_FUNCTION, EXPR_LITERAL or
  /// EXPR_REGEX.
  std::string code;
  std::size_t offset = 0;  ///< byte of the text
  std::string message;     ///< what is wrong
  std::string hint;        ///< what would be right; may be empty
  friend bool operator==(const Problem&, const Problem&) = default;
};

/// "line:column" of byte `offset`, both from 1; columns count code points.
[[nodiscard]] std::string position(std::string_view text, std::size_t offset);

/// For a document: `where` is the JSON Pointer of the string that holds `text`, and the column goes
/// into the reason. Without `where`: "line:column".
[[nodiscard]] Finding to_finding(const Problem& problem, std::string_view text,
                                 std::string_view where = {});

/// "did you mean 'x'?" for the candidate that is nearest to `name`, when one is near; else empty.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       std::span<const std::string_view> candidates);

}  // namespace skald::expr
