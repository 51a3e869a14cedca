#pragma once

#include <optional>
#include <string>

#include "engine/model/json.hpp"
#include "engine/model/outcome.hpp"
#include "engine/model/time.hpp"

namespace skald {

/// A complete answer of a participant, as far as it decides the outcome.
struct HttpAnswer {
  int status = 0;
  std::optional<std::string> retry_after;  ///< the value of the Retry-After field
  std::string body;                        ///< as sent, without transfer coding
  /// The body had no length and ended with the connection, so that a cut would go unseen.
  bool ended_by_close = false;
};

/// What the wire contract makes of `answer`. Pure.
///
/// - 2xx: Done, the JSON body is the output (empty: null); a body that is no JSON within `limits`
///   is Unknown.
/// - 409: Failed with the body's `code` and `message`; the code is "" when the body cannot be read.
/// - 202, 425: StillWorking.
/// - other 4xx: Failed as a defect, with a code such as "http_404".
/// - 429, 5xx and everything else (redirects are not followed): Unknown, possibly executed.
///
/// Retry-After is taken with 202, 425, 429, 502, 503 and 504; `now` is for its dates.
[[nodiscard]] Outcome outcome_of(const HttpAnswer& answer, const JsonLimits& limits, Timestamp now);

}  // namespace skald
