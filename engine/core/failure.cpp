#include "engine/core/failure.hpp"

namespace skald::core {

namespace {

/// For a person, where nobody gave a reason.
std::string_view sentence(UnwindCause cause) {
  switch (cause) {
    case UnwindCause::transition:
      return "its definition has it undone";
    case UnwindCause::step_failed:
      return "a step failed";
    case UnwindCause::retries_exhausted:
      return "the outcome of a step stayed unknown";
    case UnwindCause::deadline:
      return "its deadline passed";
    case UnwindCause::cancel:
      return "it was cancelled";
    case UnwindCause::compensate:
      return "it was to be undone";
  }
  return "";
}

/// Asked for from outside, or by time: no failure of a step is the reason.
bool is_no_failure(UnwindCause cause) {
  return cause == UnwindCause::deadline || cause == UnwindCause::cancel ||
         cause == UnwindCause::compensate;
}

}  // namespace

// As text, because what participants and clients say may not be UTF-8.

void note_failure(Turn& turn, const Step& step, const Failed& failed, const std::string& reason) {
  std::string text = "{\"code\":";
  append_json_string(text, failed.code);
  if (!failed.details.is_null()) text.append(",\"details\":").append(failed.details.text());
  append_json_string(text += ",\"message\":", reason);
  append_json_string(text += ",\"step\":", step.id);
  turn.saga.error = Json::from_stored(text += '}');
}

void note_failure(Turn& turn, std::string_view code, const std::string& message) {
  std::string text = "{\"code\":";
  append_json_string(text, code);
  append_json_string(text += ",\"message\":", message);
  turn.saga.error = Json::from_stored(text += '}');
}

void note_cause(Turn& turn, UnwindCause cause, const std::string& reason) {
  if (!turn.saga.error.is_null() && !is_no_failure(cause)) return;
  note_failure(turn, name_of(cause), reason.empty() ? std::string(sentence(cause)) : reason);
}

}  // namespace skald::core
