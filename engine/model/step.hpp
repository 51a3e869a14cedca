#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/ids.hpp"
#include "engine/model/json.hpp"
#include "engine/model/outcome.hpp"
#include "engine/model/time.hpp"
#include "engine/model/value.hpp"

namespace skald {

/// Name and version under which a definition is registered.
struct DefinitionRef {
  std::string name;
  std::uint32_t version = 1;
  friend auto operator<=>(const DefinitionRef&, const DefinitionRef&) = default;
};

/// How often and when an attempt with unknown outcome is repeated.
///
/// The wait before attempt n+1 is first · factorⁿ⁻¹, or first + step · (factorⁿ⁻¹ − 1) where a step
/// is given; at most `max`, spread by ± `jitter` of itself. A Retry-After of the participant makes
/// it longer, never shorter.
struct RetryPolicy {
  std::uint32_t attempts = 5;  ///< tries in all, at least 1
  Duration first{200};
  double factor = 2.0;
  Duration max{30'000};
  double jitter = 0.2;  ///< 0 … 1
  /// How long a participant may stay "still working" before its outcome counts as unknown.
  Duration patience{3'600'000};
  Duration step{};  ///< 0: the wait grows from `first` alone
  /// No attempt begins later than this after the first one; 0: no such limit.
  Duration max_elapsed{};
  /// When no attempt is left: the waits before everything is tried again, one each.
  std::vector<Duration> redelivery{};
  /// What is tried again, and what is not: "429", "5xx", "timeout", "connection", or the `code` of
  /// a refusal. They come before the table of the wire contract; failOn before retryOn. What failOn
  /// names is refused when the answer says that nothing happened (a 4xx, or such a code); else its
  /// outcome stays unknown, and is probed and undone like that of a last attempt.
  std::vector<std::string> retry_on{};
  std::vector<std::string> fail_on{};
  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

/// The policy undos have unless they name their own: patient, because giving up means an operator.
inline const RetryPolicy default_undo_retry{
    .attempts = 20, .first = Duration{200}, .factor = 2.0, .max = Duration{60'000}};

/// A request header beside those of the wire contract. `${secrets.NAME}` in the value is filled in
/// when the request is sent, so that no secret is ever stored.
struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

/// A call to a configured participant over HTTP.
struct HttpTarget {
  std::string participant;  ///< the name it is configured under
  std::string method;       ///< "POST", "PUT", "DELETE", …
  std::string path;         ///< origin-form, e.g. "/debits"; empty when Operation::address makes it
  std::vector<Header> headers{};
};

/// One attempt, as a C++ function that performs operations sees it.
struct Invocation {
  SagaId saga;
  DefinitionRef definition;
  std::string step;
  Phase phase = Phase::forward;
  std::uint32_t attempt = 1;    ///< from 1
  std::string idempotency_key;  ///< the same for every attempt of one step and phase
  std::string address;          ///< what Operation::address made; empty without one
  Json body;
  Duration timeout{};
  /// Of the phase, for its failOn and retryOn; only while the attempt is begun, so null for
  /// functions. Null: the wire contract alone decides.
  const RetryPolicy* retry = nullptr;
};

/// A call to a C++ function in this process. It runs on a worker thread, may run twice for one
/// idempotency key (after a crash), and must not throw: an exception counts as Unknown.
struct FunctionTarget {
  std::function<Outcome(const Invocation&)> function;
  std::string name;  ///< the name documents know it by; empty for one that only its table knows
};

/// A saga of its own, started with the body as its input. The step is done when it has completed,
/// and refused when it ended otherwise; its undo unwinds it, even after it completed.
struct ChildTarget {
  std::string definition;
  std::uint32_t version = 0;  ///< 0: the newest
};

/// An event for every saga that declares a signal of this name and whose correlation key is the
/// operation's address (all of them when there is no address). The body is its payload.
struct PublishTarget {
  std::string topic;
};

using Target = std::variant<HttpTarget, FunctionTarget, ChildTarget, PublishTarget>;

/// Takes an HTTP answer for something else than the wire contract says. The first that fits counts.
struct OutcomeRule {
  enum class As { done, failed, unknown, pending };
  std::string status;  ///< "200", "4xx", "200-204"; empty: any
  /// On the answer's body, as `event`; empty: any.
  std::optional<Guard> when;
  As as = As::done;
  std::string name;     ///< a named outcome: raises an event of its own, see Step::outcome_events
  std::string where{};  ///< where a document declares it, for messages; empty: where its step is
};

/// What a step does, how it is undone, or how its outcome is asked for.
struct Operation {
  std::string name;  ///< e.g. "debit-source"
  Target target;
  /// Makes the request body; called once per step and phase, so that every attempt sends the same.
  Value body;
  /// Makes the HTTP path or correlation key as text, where it depends on the saga; like the body.
  Value address{};
  std::vector<OutcomeRule> outcomes{};
};

enum class StepKind {
  compensatable,  ///< can be undone
  pivot,          ///< once done there is no way back
  retriable,      ///< comes after the pivot (or after the unwinding) and must go through in the end
  readonly,       ///< has no effect, so nothing to undo
};

/// What happens when a step's outcome stays unknown after every attempt (and its probe).
struct OnExhausted {
  enum class Then {
    unwind,  ///< what may have happened is undone; retriable steps park all the same
    park,    ///< an operator settles it
    go_to    ///< the saga goes on in `target`; what may have happened stays in the log
  };
  Then then = Then::unwind;
  std::optional<StateIndex> target;
};

/// Runs a step once for each item of a list, each with its own attempts, output and undo.
struct ForEach {
  Value items;                    ///< a list of at most for_each_items_max items
  std::uint32_t concurrency = 1;  ///< how many at once, at least 1
};
inline constexpr std::size_t for_each_items_max = 10'000;

/// A call to a participant together with its undo.
struct Step {
  std::string id;  ///< unique in the definition, stable across versions
  StepKind kind = StepKind::compensatable;
  Operation call;
  /// For a pivot: used only while it is unknown whether the pivot took effect.
  std::optional<Operation> undo;
  /// Asked, without effect, whether the call took effect, when every attempt stayed unknown:
  /// done (yes), failed (no), or unknown still.
  std::optional<Operation> probe;
  std::string no_undo_reason;  ///< why a compensatable step needs no undo; empty if it has one
  RetryPolicy retry;
  RetryPolicy undo_retry = default_undo_retry;
  Duration timeout{5'000};  ///< per attempt, of call, undo and probe
  EventIndex done_event{};
  EventIndex failed_event{};
  /// Raised instead when the outcome has this name, or the refusal this code.
  std::map<std::string, EventIndex, std::less<>> outcome_events{};
  OnExhausted on_exhausted{};
  std::optional<ForEach> for_each{};
  /// Steps this one builds on, for unwinding in order of dependency.
  std::vector<StepIndex> depends_on{};
  std::string where{};  ///< where a document declares it, for messages; empty: where it is called
};

/// "pivot", "compensatable", … as in documents and answers.
[[nodiscard]] std::string_view name_of(StepKind kind);

}  // namespace skald
