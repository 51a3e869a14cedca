#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/model/json.hpp"
#include "engine/model/time.hpp"

namespace skald {

/// Which operation of a step an attempt belongs to.
enum class Phase {
  forward,
  undo,
  probe,  ///< asks whether the forward call took effect
};
[[nodiscard]] std::string_view name_of(Phase phase);

/// The operation took effect; `output` is what it answered.
struct Done {
  Json output;
  std::string outcome{};  ///< a named outcome, when a rule of the step gave it one
};

/// The participant refused; the operation had no effect.
struct Failed {
  std::string code;     ///< the business reason, e.g. "insufficient_funds"; tables may branch on it
  std::string message;  ///< for a person
  bool defect = false;  ///< refused because the request itself was wrong, not for a business reason
  Json details;         ///< what the participant answered, or null
};

/// Nobody knows whether the operation took effect.
struct Unknown {
  std::string reason;                   ///< what was seen: "timeout after 2000 ms", "HTTP 503"
  std::optional<Duration> retry_after;  ///< the participant's wish, if it gave one
  bool possibly_executed = true;        ///< false when the request certainly never reached it
  bool counted = true;  ///< false when our own limits kept it from being sent: costs no attempt
  bool last = false;    ///< the step's policy wants no further attempt after this
};

/// The participant accepted the operation and is still at work; it is to be asked again.
struct StillWorking {
  std::optional<Duration> retry_after;
};

/// How one attempt ended.
using Outcome = std::variant<Done, Failed, Unknown, StillWorking>;

}  // namespace skald
