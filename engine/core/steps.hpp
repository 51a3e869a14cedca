#pragma once

#include <optional>
#include <string>

#include "engine/core/turn.hpp"

namespace skald::core {

/// Begins a forward run of `step`, or of its first items when it runs for each item of a list: the
/// body is made, the first attempt is recorded and asked for.
void begin_step(Turn& turn, StepIndex step);

/// Begins the run of one item.
void begin_item(Turn& turn, StepIndex step, std::uint32_t run, const Json& item);

/// Begins the undo of log entry `entry`.
void begin_undo(Turn& turn, const LogEntry& entry);

/// Asks the participant whether the call took effect, instead of repeating it.
void begin_probe(Turn& turn, Pending& pending);

/// Turns a probe back into the call it asks about.
void end_probe(Pending& pending);

/// Sends the next attempt of `pending` now.
void resend(Turn& turn, Pending& pending);

/// Waits until the next attempt of `pending`; the wait grows with `tries` (from 1).
void wait_for_retry(Turn& turn, Pending& pending, std::uint32_t tries,
                    std::optional<Duration> retry_after);

/// Waits until everything is tried again; false when the policy has no redelivery left.
[[nodiscard]] bool wait_for_redelivery(Turn& turn, Pending& pending);

/// Leaves `pending` to an operator, adding it when it is not among the saga's pending ones.
void park(Turn& turn, Pending pending, const std::string& reason);

/// Records that a forward run took effect (or, `confirmed` false, may have). `output_at` is the
/// history entry that holds its output.
void record(Turn& turn, const Pending& pending, bool confirmed, const Done& done,
            HistoryPlace output_at = {});

/// Takes a forward run out of the saga whose outcome is not waited for any more: what may have
/// happened goes to the log.
void give_up(Turn& turn, const Pending& pending);

/// The operation whose attempts `pending` are.
[[nodiscard]] const Operation& operation_of(const Definition& definition, const Pending& pending);

/// The policy that governs `pending`.
[[nodiscard]] const RetryPolicy& policy_of(const Definition& definition, const Pending& pending);

/// The entry of the completion log whose undo `pending` is. Valid until the log changes.
[[nodiscard]] const LogEntry& entry_of(const Turn& turn, const Pending& pending);

/// Records how that undo ended.
void settle_undo(Turn& turn, const Pending& pending, UndoState undo);

/// Takes `pending` out of the saga and returns it. A forward run is recorded next.
[[nodiscard]] Pending remove(Turn& turn, const Pending& pending);

/// The same for a forward run that had no effect and leaves nothing in the log.
Pending drop(Turn& turn, const Pending& pending);

}  // namespace skald::core
