#pragma once

#include <optional>
#include <string>

#include "engine/model/json.hpp"
#include "engine/model/outcome.hpp"
#include "engine/model/time.hpp"
#include "engine/participants/answer_rules.hpp"

namespace skald {

/// A complete answer of a participant, as far as it decides the outcome.
struct HttpAnswer {
  int status = 0;
  std::optional<std::string> retry_after;  ///< the value of the Retry-After field
  std::string body;                        ///< as sent, without transfer coding
  /// The body had no length and ended with the connection, so that a cut would go unseen.
  bool ended_by_close = false;
};

/// Why there is no complete answer.
struct NoAnswer {
  enum class Why {
    timeout,
    connection  ///< not made, broken, or what came over it was no acceptable answer
  };
  Why why{};
  std::string reason;  ///< for a person
  bool possibly_executed = true;
};

/// What the rules of the step, then its policy and then the wire contract make of `answer`. Pure,
/// as far as the guards of the rules are.
///
/// A rule that fits: done with the body as output and the rule's name as outcome; failed with the
/// name (else the body's `code`, else "http_404" and the like) as code; unknown; or still working.
/// A guard sees null instead of a body that is no JSON; one that throws makes the outcome Unknown.
///
/// The policy: what `fail_on` names is Failed, with the body's `code`, and no defect, where a 4xx
/// or the code says that nothing happened; else it is the last Unknown. What `retry_on` names is
/// Unknown; possibly executed, unless the contract calls it a refusal.
/// A `code` counts only in answers from 400 on.
///
/// The contract:
/// - 2xx: Done, the JSON body is the output (empty: null); a body that is no JSON within `limits`
///   is Unknown, also where a rule wants to see it.
/// - 409: Failed with the body's `code` and `message`; the code is "" when the body cannot be read.
/// - 202, 425: StillWorking.
/// - other 4xx: Failed as a defect, with a code such as "http_404".
/// - 429, 5xx and everything else (redirects are not followed): Unknown, possibly executed.
///
/// Retry-After is taken with 202, 425, 429, 502, 503 and 504, and where a rule or the policy
/// decides; `now` is for its dates.
[[nodiscard]] Outcome outcome_of(const HttpAnswer& answer, const AnswerRules& rules,
                                 const JsonLimits& limits, Timestamp now);

/// Unknown, or Failed with code "timeout" or "connection" when `rules.fail_on` names it.
[[nodiscard]] Outcome outcome_of(const NoAnswer& none, const AnswerRules& rules);

/// What the policy makes of the outcome of a C++ function: a refusal whose code `retry_on` names,
/// and `fail_on` does not, is Unknown and certainly had no effect. All else stays.
[[nodiscard]] Outcome outcome_of_function(Outcome outcome, const AnswerRules& rules);

}  // namespace skald
