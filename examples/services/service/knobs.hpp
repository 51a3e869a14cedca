#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "engine/model/json.hpp"

namespace skald::services {

/// How badly a service behaves. Shares go from 0 (never) to 1 (always) of the guarded calls.
struct Knobs {
  double refuse = 0;              ///< 409 before any effect; never an undo
  double error = 0;               ///< 500 or 503 before any effect
  double undo_error = 0;          ///< the same, for undos only, in addition to `error`
  double error_after_effect = 0;  ///< 500 after the effect is committed
  double lose_reply = 0;          ///< the effect is committed and the answer never comes
  double delay_share = 1;         ///< how many answers `delay` holds back
  std::chrono::milliseconds delay{0};
  std::uint64_t seed = 1;  ///< another seed, other calls are hit
};

/// What happens to one attempt.
struct Fate {
  bool refuse = false;
  int error_status = 0;  ///< 0: no error before the effect
  bool error_after_effect = false;
  bool lose_reply = false;
  std::chrono::milliseconds delay{0};
};

/// Drawn from the seed, the key and the attempt number, so the same run meets the same faults. A
/// refusal leaves the attempt out: a key that is refused once is refused always.
[[nodiscard]] Fate fate_of(const Knobs& knobs, std::string_view key, std::int64_t attempt,
                           bool undo);

/// `knobs` with the members that `changes` names. Error: invalid_argument, with all findings.
[[nodiscard]] Result<Knobs> turned(Knobs knobs, const Json& changes);

[[nodiscard]] Json to_json(const Knobs& knobs);

}  // namespace skald::services
