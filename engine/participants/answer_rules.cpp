#include "engine/participants/answer_rules.hpp"

#include <algorithm>
#include <charconv>

#include "engine/model/saga.hpp"

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

std::optional<int> parse_status(std::string_view text) {
  int status = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), status);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || text.size() != 3 || status < 100) return std::nullopt;
  return status;
}

}  // namespace

AnswerRules answer_rules(const Operation& operation, const RetryPolicy* policy) {
  AnswerRules rules{operation.outcomes, {}, {}};
  if (policy == nullptr) return rules;
  rules.fail_on = policy->fail_on;
  rules.retry_on = policy->retry_on;
  return rules;
}

std::optional<StatusRange> parse_status_pattern(std::string_view text) {
  if (text.empty()) return StatusRange{};
  if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '9') {
    const int hundreds = (text[0] - '0') * 100;
    return StatusRange{hundreds, hundreds + 99};
  }
  const std::size_t dash = text.find('-');
  const auto first = parse_status(text.substr(0, dash));
  const auto last = dash == text.npos ? first : parse_status(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return StatusRange{*first, *last};
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
