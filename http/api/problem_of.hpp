#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/error.hpp"
#include "http/api/json_writer.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// A refusal as RFC 9457 describes it, with Skald's members.
struct Problem {
  int status = 500;
  std::string code;                ///< stable UPPER_SNAKE name that programs branch on
  std::string detail;              ///< a sentence for a person
  std::string hint;                ///< what would be right; may be empty
  std::vector<Finding> findings;   ///< shown as "errors"
  bool retryable = false;          ///< the same request may be accepted later
  std::optional<int> retry_after;  ///< seconds
  /// For actions that were not allowed: those that are.
  std::optional<std::vector<std::string_view>> allowed_actions{};
};

/// What clients are told of `error`: its status, and its words unless they come from below (a file
/// name, what a library said); those go to the log. invalid_argument is 422 when a finding points
/// into the body, so that the body was understood, else 400.
[[nodiscard]] Problem problem_of(const Error& error);

[[nodiscard]] Response to_response(const Problem& problem);

/// The array that shows `findings`: {"pointer", "detail", "code"} each.
void write_findings(JsonWriter& json, const std::vector<Finding>& findings);

}  // namespace skald::http
