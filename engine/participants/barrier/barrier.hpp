#pragma once

#include <string>
#include <string_view>

#include "engine/model/result.hpp"

namespace SQLite {
class Database;
}

/// What a participant needs so that repeated calls, undos without a call, and calls that come after
/// their undo do no harm. The rules are those of the wire contract in the design, §5.
///
/// Everything happens inside the participant's own SQLite transaction, so the memory of a call and
/// its effect are durable together or not at all:
///
///     BEGIN IMMEDIATE
///     verdict = enter(db, call)        run_it: do the work; otherwise the verdict says the answer
///     remember(db, call, answer)       unless the answer is one that is worth another try
///     COMMIT                           and only then answer
///
/// The transaction must be a writing one from its start: two calls with one key must not both be
/// told `run_it`. One connection is used from one thread at a time. Nothing here throws.
namespace skald::barrier {

/// A request to a participant, as the barrier sees it. Made by read_call().
struct Call {
  std::string key;          ///< the Idempotency-Key
  std::string forward_key;  ///< the key of the call that an undo undoes; empty in a forward call
  std::string fingerprint;  ///< equal for equal content, see fingerprint()
};

/// The request headers that name a call; empty where the request has none.
struct CallHeaders {
  std::string_view saga;   ///< Saga-Id
  std::string_view step;   ///< Saga-Step
  std::string_view phase;  ///< Saga-Phase: "forward", "undo", or empty, which means forward
  std::string_view key;    ///< Idempotency-Key, as an RFC 8941 string (quoted) or bare
};

/// Checks the headers and derives the key of the call that an undo belongs to: "<saga>/<step>/undo"
/// undoes "<saga>/<step>/forward", and with "#<run>" after the step likewise. A forward call from
/// outside a saga (no Saga-Id) may carry any key.
///
/// Error: invalid_argument with a finding for each header that is missing or does not fit.
[[nodiscard]] Result<Call> read_call(const CallHeaders& headers, std::string fingerprint);

/// A SHA-256 in hexadecimal over everything that makes two requests the same one.
[[nodiscard]] std::string fingerprint(std::string_view method, std::string_view path,
                                      std::string_view body);

enum class Decision {
  run_it,       ///< never seen, or an undo of a call that had an effect: do it
  replay,       ///< seen: answer as the first time, with `Verdict::stored`
  refuse_late,  ///< the undo of this call came first: refuse it (409), do nothing
  null_undo,    ///< there is no effect to undo: answer that all is well (2xx), do nothing
  mismatch,     ///< the key belongs to a request with other content: refuse it (422)
};

/// The name of `decision`, for logs and journals.
[[nodiscard]] std::string_view name_of(Decision decision);

struct Answer {
  int status = 200;  ///< HTTP status; 2xx says that the call had its effect
  std::string body;
};

struct Verdict {
  Decision decision = Decision::run_it;
  Answer stored;  ///< the first answer; only with `replay`
};

/// Creates the table `skald_barrier` if it is not there. Its rows carry the second they were made
/// (`at`, Unix time): delete old ones only when no attempt of their saga can come any more, because
/// without its row a call counts as never seen. Error: storage_failed.
[[nodiscard]] Result<void> prepare(SQLite::Database& db);

/// Says what to do with `call`. An undo that finds no call leaves a mark, so that the call is
/// refused if it comes later. Error: storage_failed; then roll back and answer 503.
[[nodiscard]] Result<Verdict> enter(SQLite::Database& db, const Call& call);

/// Records the answer to a call that enter() judged `run_it` or `null_undo`, to be given again
/// whenever the key comes again. A 2xx status records an effect that an undo has to undo.
///
/// Do not record what may go better next time: 5xx, and a refused undo (an operator may remove
/// the reason and try again under the same key). Error: storage_failed; then roll back.
[[nodiscard]] Result<void> remember(SQLite::Database& db, const Call& call, const Answer& answer);

}  // namespace skald::barrier
