#include "tests/dsl/expr_saga.hpp"

#include <doctest/doctest.h>

namespace skald::test {

using nlohmann::json;

namespace {

Step step_named(const char* id) {
  Step step;
  step.id = id;
  return step;
}

LogEntry entry(std::uint16_t step, bool confirmed, const json& output) {
  LogEntry entry;
  entry.step = StepIndex{step};
  entry.confirmed = confirmed;
  entry.output = Json(output);
  return entry;
}

}  // namespace

ExprSaga::ExprSaga() {
  using expr::Root;
  definition.steps = {step_named("debit"), step_named("credit"), step_named("notify")};
  saga.id = SagaId{"saga-1"};
  saga.definition = {"transfer", 3};
  saga.business_key = "order-7";
  saga.input = Json(json::parse(R"({
    "amount": 1500, "price": "12.30", "rate": 1.5, "tier": "gold", "note": null, "tags": ["a", "b"],
    "big": 18446744073709551615, "customer": {"name": "Ada", "e-mail": "ada@example.org"},
    "items": [{"sku": "s1", "quantity": 2, "price": "9.99"},
              {"sku": "s2", "quantity": 1, "price": "0.01"}],
    "numbers": [3, 1, 2], "empty": [], "when": "2026-11-21T03:10:10Z", "on": true})"));
  saga.data = Json(json{{"count", 4}});
  saga.error =
      Json(json{{"step", "credit"}, {"code", "closed"}, {"message", "m"}, {"details", {}}});
  saga.log = {entry(0, true, {{"id", "d-1"}, {"fee", 3}}), entry(1, false, nullptr)};
  event = json{{"paid", true}, {"by", "card"}};
  item = json{{"sku", "s9"}};
  environment.roots = {Root::input, Root::data, Root::steps, Root::event,
                       Root::error, Root::saga, Root::item,  Root::index};
  environment.steps = {{"debit", {}}, {"credit", {}}, {"notify", {}}};
}

SagaView ExprSaga::view() const {
  return {definition, saga, Timestamp{std::chrono::milliseconds{1'795'230'610'042}}, &focus_};
}

std::string ExprSaga::result(std::string_view text) const {
  const auto compiled = expr::Expression::compile(text, environment);
  if (!compiled) {
    std::string all;
    for (const auto& found : compiled.error().findings)
      all += (all.empty() ? "" : "\n") + found.code + " " + found.where + " " + found.why;
    return all;
  }
  const auto value = compiled->evaluate(view(), event_view());
  return value ? value->dump() : "error: " + value.error().message;
}

std::string ExprSaga::codes(std::string_view text) const {
  std::string all;
  for (const auto& problem : expr::check(text, environment))
    all += (all.empty() ? "" : " ") + problem.code;
  return all;
}

std::string ExprSaga::finding(std::string_view text) const {
  const auto problems = expr::check(text, environment);
  if (problems.size() != 1) return result(text);
  const auto& only = problems.front();
  return only.code + " " + std::to_string(only.offset) + " " + only.message +
         (only.hint.empty() ? "" : ": " + only.hint);
}

void check_all(const ExprSaga& saga, std::initializer_list<ExprCase> cases) {
  for (const auto& each : cases) {
    const auto result = saga.result(each.text);
    bool right = result == each.result;
    if (each.result.starts_with('!'))
      right = result.starts_with("error: ") && result.ends_with(each.result.substr(1));
    if (each.result.starts_with("EXPR_")) right = saga.codes(each.text) == each.result;
    CHECK_MESSAGE(right, each.text, " gave ", result, ", not ", each.result);
  }
}

}  // namespace skald::test
