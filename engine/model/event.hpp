#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "engine/model/outcome.hpp"
#include "engine/model/saga.hpp"

namespace skald {

/// The saga begins. Valid only for a new Instance (revision 0).
struct Start {
  std::string reason{};  ///< why, if somebody says so
};

/// An attempt ended. Names the attempt, so that a reply to an older one moves nothing.
struct Reply {
  StepIndex step{};
  std::uint32_t run = 1;
  Phase phase = Phase::forward;
  std::uint32_t attempt = 1;
  Outcome outcome;
};

/// Time has passed: whatever is due at `now` happens.
struct Tick {};

/// Operator: try what waits for a retry or for an operator, now.
struct Retry {
  std::string step;  ///< only this step; empty: all
  std::string reason;
};

/// Operator: settle a stuck call or undo by hand.
struct Skip {
  enum class As {
    done,     ///< it took effect, or was undone, by hand
    failed,   ///< a forward step certainly had no effect: go on as if it was refused
    skipped,  ///< leave it as it is: forward, go on without it; undo, the effect stays
  };
  std::string step;
  As as = As::skipped;
  Json output;  ///< of a forward step settled as done; else null
  std::string reason;
};

/// Operator or client: undo what ran and end as `compensated`.
struct Compensate {
  std::string reason;
};

/// Client: undo what ran and end as `cancelled`.
struct Cancel {
  std::string reason;
};

/// Something happened outside. Refused when the definition has no such signal, when the payload
/// does not fit it, or when nothing waits for it and the definition says so.
struct Receive {
  std::string signal;
  Json payload;
};

/// The locks the saga waited for are its own now.
struct Locked {};

/// The saga this one ran for is unwound: undo everything, even what had completed.
struct UndoChild {
  std::string reason;
};

/// Operator: send nothing and let no time pass until Resume. What was sent is still answered.
struct Pause {
  std::string reason;
};

/// Operator: go on.
struct Resume {
  std::string reason;
};

/// Operator: end as `terminated`, and undo nothing.
struct Terminate {
  std::string reason;  ///< not empty
};

/// Operator: a remark for whoever looks at the saga.
struct Note {
  std::string text;  ///< not empty
};

/// Everything that can happen to a saga. There is no other way to change one.
struct Event {
  std::variant<Start, Reply, Tick, Retry, Skip, Compensate, Cancel, Receive, Locked, UndoChild,
               Pause, Resume, Terminate, Note>
      what;
  std::uint64_t entropy = 0;  ///< randomness for retry jitter; the core draws none itself
  std::string actor{};        ///< who asked for it, if somebody says so
};

}  // namespace skald
