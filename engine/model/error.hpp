#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skald {

/// What kind of refusal an Error is. Each has one HTTP status, given in http/api/problem_of.cpp.
enum class ErrorCode {
  invalid_argument,      ///< the request or document itself is wrong
  not_found,             ///< the named saga or definition does not exist
  id_conflict,           ///< a saga with this id exists and was started with other content
  idempotency_mismatch,  ///< the idempotency key was used with other content
  action_not_allowed,    ///< the saga's status does not allow the action; the hint names those it
                         ///< does
  revision_mismatch,     ///< the saga is not at the revision that the request names
  overloaded,            ///< a bounded queue is full; trying later is right
  shutting_down,         ///< the node drains; trying another node or later is right
  disk_full,             ///< nothing was stored; works again by itself when there is space
  storage_failed,        ///< a write or sync failed; the node acknowledges nothing until restarted
  storage_unreadable,    ///< the file is no Skald database, damaged, or of a newer schema
  storage_in_use,        ///< another process owns the data directory
  internal,              ///< a defect of Skald
};

/// The stable upper-case name of `code`, as clients see it, e.g. "ACTION_NOT_ALLOWED".
[[nodiscard]] std::string_view name_of(ErrorCode code);

/// One thing wrong with a document or request.
struct Finding {
  std::string where;  ///< JSON Pointer ("/input/amount"), "line:column", or table row ("row 7")
  std::string why;    ///< what is wrong, and what would be right
  std::string code;   ///< stable UPPER_SNAKE name of the check
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// A refusal: what, why and what would be right. All findings of a document at once.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;            ///< a sentence for a person
  std::string hint;               ///< what would be right; may be empty
  std::vector<Finding> findings;  ///< places and reasons; may be empty
};

}  // namespace skald
