#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/expr/environment.hpp"
#include "dsl/expr/problem.hpp"
#include "engine/model/result.hpp"
#include "engine/model/value.hpp"

namespace skald::expr {

struct Program;
class Scratch;

/// Where an expression is written, for its findings.
struct Place {
  std::string_view where;        ///< JSON Pointer of the string; empty: findings say "line:column"
  std::string_view whole = {};   ///< the string, when the expression is only a part of it
  std::size_t offset = 0;        ///< the byte of `whole` where the expression begins
  std::optional<Kind> result{};  ///< what it must give, instead of Environment::result
};

/// A checked expression; the language is in dsl/expr/README.md. Cheap to copy; any thread may use
/// it.
///
/// Evaluation is a pure function of saga and event, always ends, and is bounded in steps and memory
/// (dsl/expr/limits.hpp). It reads the saga's JSON where it is. Its errors are those of the
/// language, e.g. a missing key: ErrorCode::invalid_argument, with the expression, line:column and
/// reason in the message.
class Expression {
 public:
  /// The error has everything that is wrong with `text` at once.
  [[nodiscard]] static Result<Expression> compile(std::string_view text,
                                                  const Environment& environment,
                                                  const Place& place = {});

  [[nodiscard]] const std::string& text() const;
  /// What it gives, as far as that is known before evaluation.
  [[nodiscard]] Kind type() const { return type_; }
  [[nodiscard]] const References& references() const { return *references_; }

  /// The value as JSON: decimals, timestamps and durations are text there.
  [[nodiscard]] Result<nlohmann::json> evaluate(const SagaView& saga, const EventView& event) const;
  /// The same for several evaluations that share what they may use up.
  [[nodiscard]] Result<nlohmann::json> evaluate(const SagaView& saga, const EventView& event,
                                                Scratch& scratch) const;
  /// The value as string() has it; an error for what has no text form, such as null.
  [[nodiscard]] Result<std::string> evaluate_text(const SagaView& saga, const EventView& event,
                                                  Scratch& scratch) const;
  /// The value of a condition; an error when it is no bool. Allocates nothing unless the expression
  /// builds values itself (lists, maps, strings) or fails.
  [[nodiscard]] Result<bool> holds(const SagaView& saga, const EventView& event) const;

 private:
  Expression(std::shared_ptr<const Program> program, std::shared_ptr<const References> references,
             Kind type);

  std::shared_ptr<const Program> program_;
  std::shared_ptr<const References> references_;
  Kind type_;
};

/// What is wrong with `text`; empty: nothing. For editors, which want offsets.
[[nodiscard]] std::vector<Problem> check(std::string_view text, const Environment& environment);

/// As the engine calls it. It throws std::runtime_error with the message of the Error.
[[nodiscard]] Guard to_guard(Expression expression);

}  // namespace skald::expr
