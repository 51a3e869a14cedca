#include "engine/model/error.hpp"

namespace skald {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "INVALID_ARGUMENT";
    case ErrorCode::not_found:
      return "NOT_FOUND";
    case ErrorCode::id_conflict:
      return "ID_CONFLICT";
    case ErrorCode::idempotency_mismatch:
      return "IDEMPOTENCY_MISMATCH";
    case ErrorCode::action_not_allowed:
      return "ACTION_NOT_ALLOWED";
    case ErrorCode::revision_mismatch:
      return "REVISION_MISMATCH";
    case ErrorCode::overloaded:
      return "OVERLOADED";
    case ErrorCode::shutting_down:
      return "SHUTTING_DOWN";
    case ErrorCode::disk_full:
      return "DISK_FULL";
    case ErrorCode::storage_failed:
      return "STORAGE_FAILED";
    case ErrorCode::storage_unreadable:
      return "STORAGE_UNREADABLE";
    case ErrorCode::storage_in_use:
      return "STORAGE_IN_USE";
    case ErrorCode::internal:
      return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace skald
