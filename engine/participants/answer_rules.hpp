#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/result.hpp"
#include "engine/model/step.hpp"

namespace skald {

/// What a step itself says about the outcome of an attempt. It comes before the wire contract.
struct AnswerRules {
  std::vector<OutcomeRule> outcomes;  ///< on complete HTTP answers; the first that fits counts
  std::vector<std::string> fail_on;   ///< see RetryPolicy; after `outcomes`
  std::vector<std::string> retry_on;  ///< after `fail_on`
};

/// The rules for one attempt at `operation` under `policy`, copied. Null: no policy.
[[nodiscard]] AnswerRules answer_rules(const Operation& operation, const RetryPolicy* policy);

/// Whether `list` names the status or, where it is not empty, the code.
[[nodiscard]] bool names_answer(const std::vector<std::string>& list, int status,
                                std::string_view code);

/// Whether `list` has `name`: a code, "timeout" or "connection".
[[nodiscard]] bool names(const std::vector<std::string>& list, std::string_view name);

/// Whether the guard of an outcome rule holds for a body, which it sees as the event's payload,
/// with `code` as its code. It sees no saga: input, data and outputs are null, the id is empty.
///
/// Error: invalid_argument with its text when the guard throws.
[[nodiscard]] Result<bool> holds(const Guard& guard, const nlohmann::json& body,
                                 std::string_view code, Timestamp now);

}  // namespace skald
