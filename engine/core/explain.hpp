#pragma once

#include <string>
#include <vector>

#include "engine/model/saga.hpp"

namespace skald {

/// One thing a saga waits for.
struct Waiting {
  enum class On {
    participant,      ///< to answer an attempt; a child saga to end
    retry,            ///< the time of the next attempt
    operator_action,  ///< a decision that only a person can take
    signal,           ///< an event from outside
    timer,            ///< the time of a transition
    locks,            ///< other sagas, which hold its business keys
    resume            ///< an operator, who has paused it
  };
  On on{};
  std::string step;                ///< of an attempt; else empty
  std::string state;               ///< where it waits for a signal, time or operator; else empty
  std::vector<std::string> names;  ///< the signals, or the locks
  Phase phase{};
  std::string participant;         ///< name, or the function's operation name
  std::uint32_t attempt = 0;       ///< the current one, or the latest
  std::uint32_t attempts_max = 0;  ///< of its retry policy, since begun or last retried by hand
  std::uint32_t failures = 0;
  Timestamp since;
  std::optional<Timestamp> until;  ///< of a retry or timer
  std::string last_error;
};

/// Why a saga is where it is.
struct Explanation {
  std::string summary;  ///< one sentence for a person
  std::vector<Waiting> waiting;
  std::vector<std::string_view> allowed_actions;
  std::vector<std::string> undo_plan;  ///< steps an unwinding would undo now, in order
};

/// Pure; needs nothing but the stored instance.
[[nodiscard]] Explanation explain(const Definition& definition, const Instance& instance);

/// "participant", "retry", "operator", "signal", "timer", "locks", "resume".
[[nodiscard]] std::string_view name_of(Waiting::On on);

}  // namespace skald
