#include "engine/model/saga.hpp"

namespace skald {

std::string_view name_of(Status status) {
  switch (status) {
    case Status::running:
      return "running";
    case Status::compensating:
      return "compensating";
    case Status::paused:
      return "paused";
    case Status::stuck:
      return "stuck";
    case Status::completed:
      return "completed";
    case Status::compensated:
      return "compensated";
    case Status::failed:
      return "failed";
    case Status::cancelled:
      return "cancelled";
    case Status::terminated:
      return "terminated";
  }
  return "";
}

std::optional<Status> status_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Status::terminated); ++i)
    if (name_of(static_cast<Status>(i)) == name) return static_cast<Status>(i);
  return std::nullopt;
}

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::forward:
      return "forward";
    case Phase::undo:
      return "undo";
    case Phase::probe:
      return "probe";
  }
  return "";
}

std::string_view name_of(UnwindCause cause) {
  switch (cause) {
    case UnwindCause::transition:
      return "transition";
    case UnwindCause::step_failed:
      return "stepFailed";
    case UnwindCause::retries_exhausted:
      return "retriesExhausted";
    case UnwindCause::deadline:
      return "deadline";
    case UnwindCause::cancel:
      return "cancel";
    case UnwindCause::compensate:
      return "compensate";
  }
  return "";
}

}  // namespace skald
