#include "engine/core/handlers.hpp"

namespace skald::core {

std::optional<Error> on_note(Turn& turn, const Note& note) {
  if (note.text.empty())
    return Error{ErrorCode::invalid_argument,
                 "A note without text says nothing.",
                 "Write what the next one who looks should know.",
                 {{"/text", "is missing", "FIELD_MISSING"}}};
  turn.note({.kind = HistoryKind::noted, .message = note.text});
  return std::nullopt;
}

}  // namespace skald::core
