#include <algorithm>

#include "engine/core/checks.hpp"
#include "engine/model/status_range.hpp"

namespace skald::core {

namespace {

/// Whether `later` never decides, because `earlier` takes every answer that it would take.
bool shadows(const OutcomeRule& earlier, const OutcomeRule& later) {
  if (!names_all_of(earlier.status, later.status)) return false;
  if (!earlier.when) return true;
  return later.when && earlier.when->name == later.when->name;
}

std::string shown(const OutcomeRule& rule) {
  std::string text = rule.status.empty() ? "any status" : "'" + rule.status + "'";
  if (rule.when) text += " under its condition";
  return text;
}

void outcomes(Checks& checks, StepIndex step, const Operation& operation) {
  const auto& rules = operation.outcomes;
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    const std::string& where = rule->where.empty() ? checks.where[number(step)] : rule->where;
    if (!parse_status_pattern(rule->status)) {
      checks.add(where,
                 "'" + rule->status + "' is no status: write \"409\", \"4xx\" or \"200-204\"",
                 "ANSWER");
      continue;
    }
    const auto earlier = std::find_if(rules.begin(), rule,
                                      [&](const OutcomeRule& one) { return shadows(one, *rule); });
    if (earlier != rule)
      checks.add(where,
                 "the outcome rule for " + shown(*rule) + " of '" + operation.name +
                     "' is never reached: one before it, for " + shown(*earlier) +
                     ", takes every such answer; put the narrower one first, or drop one",
                 "AMBIGUOUS");
  }
}

std::string never_retried(const std::string& which, const std::string& failed,
                          const std::string& retried) {
  return "has " + which + " policy whose failOn takes '" + failed + "', so that '" + retried +
         "' in retryOn is never tried again; drop one";
}

/// failOn is asked first, so that retryOn never hears of what both name.
void policy(Checks& checks, StepIndex step, const RetryPolicy& policy, const std::string& which) {
  for (const auto& retried : policy.retry_on)
    for (const auto& failed : policy.fail_on)
      if (names_all_of(failed, retried))
        checks.add(step, never_retried(which, failed, retried), "RETRY_POLICY");
}

}  // namespace

void check_answers(Checks& checks) {
  for (std::size_t i = 0; i < checks.d.steps.size(); ++i) {
    const Step& step = checks.d.steps[i];
    const auto index = static_cast<StepIndex>(i);
    outcomes(checks, index, step.call);
    if (step.undo) outcomes(checks, index, *step.undo);
    if (step.probe) outcomes(checks, index, *step.probe);
    policy(checks, index, step.retry, "a retry");
    policy(checks, index, step.undo_retry, "an undo retry");
  }
}

}  // namespace skald::core
