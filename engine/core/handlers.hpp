#pragma once

#include <optional>

#include "engine/core/turn.hpp"
#include "engine/model/error.hpp"

/// One function per event, each in the file of its name. A handler either refuses, leaving the saga
/// as it was, or moves it; whether anything changed shows in the turn's history.
namespace skald::core {

void on_start(Turn& turn, const Start& start);
void on_reply(Turn& turn, const Reply& reply);
void on_tick(Turn& turn);
[[nodiscard]] std::optional<Error> on_retry(Turn& turn, const Retry& retry);
[[nodiscard]] std::optional<Error> on_skip(Turn& turn, const Skip& skip);
[[nodiscard]] std::optional<Error> on_compensate(Turn& turn, const Compensate& compensate);
[[nodiscard]] std::optional<Error> on_cancel(Turn& turn, const Cancel& cancel);
[[nodiscard]] std::optional<Error> on_receive(Turn& turn, const Receive& receive);
void on_locked(Turn& turn);
[[nodiscard]] std::optional<Error> on_pause(Turn& turn, const Pause& pause);
[[nodiscard]] std::optional<Error> on_resume(Turn& turn, const Resume& resume);
[[nodiscard]] std::optional<Error> on_terminate(Turn& turn, const Terminate& terminate);
[[nodiscard]] std::optional<Error> on_note(Turn& turn, const Note& note);
[[nodiscard]] std::optional<Error> on_undo_child(Turn& turn, const UndoChild& undo);

}  // namespace skald::core
