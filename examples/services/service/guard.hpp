#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "examples/services/service/call.hpp"
#include "examples/services/service/knobs.hpp"

namespace skald::services {

/// A request to an operation that changes something, with the headers of the participant contract.
struct GuardedRequest {
  std::string saga;
  std::string step;
  std::string phase;
  std::string key;
  std::optional<std::int64_t> attempt;  ///< without the header: how often the key was seen, plus 1
  std::string method;
  std::string path;
  std::string raw_body;
  Call call;
};

/// An operation and the code a knob refuses it with.
struct GuardedAction {
  std::string refusal_code;
  Action act;
};

/// What to answer, and when.
struct GuardedAnswer {
  Answer answer;
  bool lost = false;  ///< a knob wants the caller never to hear it
  std::chrono::milliseconds delay{0};
};

/// Takes one request through the barrier: judges it, acts if it must, and commits the effect, the
/// memory of the answer and the journal entry together. 400 without a usable Idempotency-Key.
/// Throws std::exception when the database fails; then nothing has happened.
[[nodiscard]] GuardedAnswer perform(Database& db, const Knobs& knobs, const GuardedRequest& request,
                                    const GuardedAction& action);

}  // namespace skald::services
