#pragma once

#include <compare>
#include <string>
#include <vector>

#include "engine/testing/run.hpp"

namespace skald::testing {

/// One thing that goes wrong, or comes at its worst moment.
struct Injection {
  enum class Kind {
    once,           ///< `fate` is that of the first attempt
    always,         ///< `fate` is that of every attempt until everything works again
    crash_unsent,   ///< the node goes down after the commit, before anything was sent
    crash_arrived,  ///< the same, and what was sent had arrived
    cancel,
    compensate,
    deadline,  ///< it passes before any reply comes
    time,      ///< the next retry or timer is due before any reply comes
    signal
  };
  Kind kind{};
  /// Of the attempts it meets.
  Fate::Kind fate{};
  StepIndex step{};
  Phase phase = Phase::forward;
  std::uint32_t run = 1;
  /// Of all others: the transition after which it happens, from 1.
  std::uint32_t commit = 0;
  std::string signal{};
  friend auto operator<=>(const Injection&, const Injection&) = default;

  [[nodiscard]] bool of_attempt() const { return kind == Kind::once || kind == Kind::always; }
};

/// "the undo of 'debit': never hears", "cancel after transition 3".
[[nodiscard]] std::string text_of(const Definition& definition, const Injection& injection);

/// The name of its column in a report.
[[nodiscard]] std::string column_of(const Injection& injection);

/// Everything that can be injected into `run`, which has come to its end.
[[nodiscard]] std::vector<Injection> injections_into(const Definition& definition, const Run& run);

}  // namespace skald::testing
