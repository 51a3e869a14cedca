#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "engine/testing/report.hpp"

namespace skald::testing {

/// How much is tried, and what a definition does not tell.
struct MatrixOptions {
  std::optional<Json> input;  ///< none: the smallest one that fits the definition's schema
  std::map<std::string, Json, std::less<>> outputs;   ///< by step; else the body with an id
  std::map<std::string, Json, std::less<>> payloads;  ///< by signal; else the smallest that fits
  /// How many things go wrong in one run. 2 finds what an unwinding can meet on its way.
  std::size_t depth = 2;
  std::size_t runs_max = 20'000;
  /// No policy has more attempts than this: more would only repeat the same.
  std::uint32_t attempts = 2;
  std::size_t failures_max = 10;  ///< so many are told with their trace
  /// False: participants that forget what they did, so that a call that comes twice has two
  /// effects. Shows what the barrier of the wire contract is there for.
  bool barrier = true;
};

/// Proves that the unwinding of `definition` works, by running its sagas in virtual time and doing
/// to them whatever can be done to a saga: every call and undo refused, unknown, lost, late, twice
/// or not ready; a crash after every transition; every signal, the deadline, a cancellation and
/// every timer at every point; and two of these at once. Whatever does not end by itself is retried
/// by an operator when everything works again, and must end then.
///
/// Participants are played, functions in the definition are not called; guards, actions and values
/// are. See Judge for what is promised. The definition must pass check(). Deterministic; takes
/// seconds for a definition with a dozen steps.
[[nodiscard]] Report unwind_matrix(const Definition& definition, const MatrixOptions& options = {});

}  // namespace skald::testing
