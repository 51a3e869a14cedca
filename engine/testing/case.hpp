#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/event.hpp"
#include "engine/testing/answer.hpp"

namespace skald::testing {

/// How the attempts of a call, undo or probe end.
struct Answers {
  std::vector<Fate> fates;  ///< one for each attempt, then all is done
  bool every = false;       ///< the one fate is that of every attempt
};

/// When something is done to a saga.
struct Moment {
  std::optional<Duration> time;  ///< since the start
  std::string line;              ///< after the trace has this line; empty, without time: at once
  std::size_t times = 1;         ///< so often
};

struct Restart {};

/// Something done to a saga in a case.
struct Deal {
  Moment after;
  std::variant<Receive, Cancel, Compensate, Retry, Skip, Restart> what;
  bool refused = false;  ///< it is expected not to be accepted
  std::string where;     ///< JSON Pointer
};

/// What a case expects; what is not given is not looked at.
struct Expectation {
  std::optional<std::string> status;
  std::optional<std::vector<std::string>> states;  ///< sorted
  std::optional<std::vector<std::string>> trace;
  std::optional<Json> output;
  std::optional<Json> data;
  std::optional<Json> error;         ///< members that the saga's error must have
  std::optional<std::string> stuck;  ///< part of the reason
  std::map<std::string, Json> sent;  ///< body of the latest attempt, by "debit", "debit.undo"
};

struct Case {
  std::string name;
  std::optional<Json> input;
  std::map<std::pair<StepIndex, Phase>, Answers> answers;
  std::vector<Deal> deals;  ///< signals, then actions
  std::optional<Duration> advance;
  Expectation expect;
};

/// A call, undo or probe by the name a case gives it: "debit", "debit.undo", "debit.probe".
[[nodiscard]] std::optional<std::pair<StepIndex, Phase>> called(const Definition& definition,
                                                                const std::string& name);

/// Reads the cases. Findings name what is wrong, by JSON Pointer below `base`.
[[nodiscard]] std::vector<Case> read_cases(const Definition& definition, const Json& tests,
                                           const std::string& base, std::vector<Finding>& findings);

}  // namespace skald::testing
