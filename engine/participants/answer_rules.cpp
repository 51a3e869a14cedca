#include "engine/participants/answer_rules.hpp"

#include <algorithm>

#include "engine/model/saga.hpp"
#include "engine/model/status_range.hpp"

namespace skald {

namespace {

/// Stands where a guard expects a saga: guards of outcome rules are about the answer alone.
struct NoSaga {
  Definition definition;
  Instance instance;
};

const NoSaga& no_saga() {
  static const NoSaga none;
  return none;
}

}  // namespace

AnswerRules answer_rules(const Operation& operation, const RetryPolicy* policy) {
  AnswerRules rules{operation.outcomes, {}, {}};
  if (policy == nullptr) return rules;
  rules.fail_on = policy->fail_on;
  rules.retry_on = policy->retry_on;
  return rules;
}

bool names(const std::vector<std::string>& list, std::string_view name) {
  return !name.empty() && std::find(list.begin(), list.end(), name) != list.end();
}

bool names_answer(const std::vector<std::string>& list, int status, std::string_view code) {
  const auto is_of_status = [status](const std::string& entry) {
    const auto range = parse_status_pattern(entry);
    return !entry.empty() && range && range->has(status);
  };
  return names(list, code) || std::any_of(list.begin(), list.end(), is_of_status);
}

Result<bool> holds(const Guard& guard, const nlohmann::json& body, std::string_view code,
                   Timestamp now) {
  const SagaView saga(no_saga().definition, no_saga().instance, now);
  try {
    return guard.holds(saga, {.name = "answer", .code = code, .payload = body});
  } catch (const std::exception& failure) {
    return Error{ErrorCode::invalid_argument, failure.what(), "", {}};
  }
}

}  // namespace skald
