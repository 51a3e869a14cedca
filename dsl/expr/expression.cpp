#include "dsl/expr/expression.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "dsl/expr/characters.hpp"
#include "dsl/expr/checker.hpp"
#include "dsl/expr/evaluation.hpp"
#include "dsl/expr/json_form.hpp"
#include "dsl/expr/limits.hpp"
#include "dsl/expr/parser.hpp"

namespace skald::expr {

namespace {

/// Why `text` is not even read; empty: it can be.
std::vector<Problem> unreadable(std::string_view text) {
  if (text.size() > text_max)
    return {{"EXPR_TOO_LONG", 0, "is longer than " + std::to_string(text_max) + " bytes",
             "compute parts of it in steps of their own"}};
  if (!is_utf8(text)) return {{"EXPR_SYNTAX", 0, "is not UTF-8", {}}};
  return {};
}

struct Compiled {
  std::shared_ptr<Program> program = std::make_shared<Program>();
  std::shared_ptr<References> references = std::make_shared<References>();
  Kind type = Kind::dyn;
  std::vector<Problem> problems;
};

Compiled compiled(std::string_view text, const Environment& environment, Kind wanted) {
  Compiled result;
  result.problems = unreadable(text);
  if (!result.problems.empty()) return result;
  result.program->text = text;
  parse(result.program->text, *result.program, result.problems);
  if (!result.problems.empty()) return result;
  result.type =
      Checker(*result.program, environment, *result.references, result.problems).run(wanted).kind;
  return result;
}

Error evaluation_error(const Program& program, const Failure& failure) {
  static constexpr std::size_t shown_max = 120;
  return {ErrorCode::invalid_argument, clipped(program.text, shown_max) + " at " +
                                           position(program.text, failure.offset) + ": " +
                                           std::string(failure.message)};
}

}  // namespace

Expression::Expression(std::shared_ptr<const Program> program,
                       std::shared_ptr<const References> references, Kind type)
    : program_(std::move(program)), references_(std::move(references)), type_(type) {}

Result<Expression> Expression::compile(std::string_view text, const Environment& environment,
                                       const Place& place) {
  auto result = compiled(text, environment, place.result.value_or(environment.result));
  if (result.problems.empty())
    return Expression(std::move(result.program), std::move(result.references), result.type);
  Error error{ErrorCode::invalid_argument, "The expression is not acceptable."};
  for (auto& problem : result.problems) {
    problem.offset += place.offset;
    error.findings.push_back(
        to_finding(problem, place.whole.empty() ? text : place.whole, place.where));
  }
  return error;
}

const std::string& Expression::text() const { return program_->text; }

Result<nlohmann::json> Expression::evaluate(const SagaView& saga, const EventView& event) const {
  Scratch scratch;
  return evaluate(saga, event, scratch);
}

Result<nlohmann::json> Expression::evaluate(const SagaView& saga, const EventView& event,
                                            Scratch& scratch) const {
  const auto offset = program_->nodes[program_->root].offset;
  nlohmann::json value;
  const auto result = Evaluation(*program_, saga, event, scratch).run();
  const auto failure = to_json(result, offset, scratch, value);
  if (failure.is(Kind::failure)) return evaluation_error(*program_, *failure.failure);
  return Result<nlohmann::json>(std::move(value));
}

Result<std::string> Expression::evaluate_text(const SagaView& saga, const EventView& event,
                                              Scratch& scratch) const {
  auto value = Evaluation(*program_, saga, event, scratch).run();
  if (!value.is(Kind::failure))
    value = to_text(value, program_->nodes[program_->root].offset, scratch);
  if (value.is(Kind::failure)) return evaluation_error(*program_, *value.failure);
  return std::string(value.text());
}

Result<bool> Expression::holds(const SagaView& saga, const EventView& event) const {
  Scratch scratch;
  const auto value = Evaluation(*program_, saga, event, scratch).run();
  if (value.is(Kind::boolean)) return value.truth;
  if (value.is(Kind::failure)) return evaluation_error(*program_, *value.failure);
  const std::string message = "gives " + std::string(name_of(value.kind)) + ", not bool";
  return evaluation_error(*program_, {0, false, message});
}

std::vector<Problem> check(std::string_view text, const Environment& environment) {
  return compiled(text, environment, environment.result).problems;
}

Guard to_guard(Expression expression) {
  auto name = expression.text();
  return {std::move(name),
          [expression = std::move(expression)](const SagaView& saga, const EventView& event) {
            const auto holds = expression.holds(saga, event);
            if (!holds) throw std::runtime_error(holds.error().message);
            return *holds;
          },
          true};
}

}  // namespace skald::expr
