#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

using expr::Root;

TEST_CASE("every root reads its part of the saga") {
  check_all({}, {{"input.amount", "1500"},
                 {"input.customer.name", "\"Ada\""},
                 {"input['customer']['e-mail']", "\"ada@example.org\""},
                 {"input.items[1].sku", "\"s2\""},
                 {"data.count + 1", "5"},
                 {"steps.debit.output.id", "\"d-1\""},
                 {"steps['debit'].output['fee']", "3"},
                 {"steps.debit.ran && steps.credit.ran && !steps.notify.ran", "true"},
                 {"event.by", "\"card\""},
                 {"error.code + ' ' + error.message", "\"closed m\""},
                 {"error.?step.orValue('') + ' ' + error.code", "\"credit closed\""},
                 {"error.step", "EXPR_MAY_BE_ABSENT"},
                 {"error.?details.orValue(1)", "null"},
                 {"error.details", "EXPR_MAY_BE_ABSENT"},
                 {"saga.id + ' ' + saga.businessKey + ' ' + saga.definition",
                  "\"saga-1 order-7 transfer\""},
                 {"saga.version", "3"},
                 {"saga.now", "\"2026-11-21T03:10:10.042Z\""},
                 {"item.sku", "\"s9\""},
                 {"index + 1", "3"},
                 {"[input, event]",
                  R"([)" + ExprSaga().saga.input.text() + R"(,{"by":"card","paid":true}])"}});
}

TEST_CASE("a whole root can be passed on, those made of names cannot") {
  check_all({}, {{"item", R"({"sku":"s9"})"},
                 {"data", R"({"count":4})"},
                 {"steps", "EXPR_TYPE"},
                 {"steps.debit", "EXPR_TYPE"},
                 {"saga", "EXPR_TYPE"},
                 {"steps[input.tier].output", "EXPR_UNKNOWN_REFERENCE"},
                 {"saga[input.tier]", "EXPR_UNKNOWN_REFERENCE"},
                 {"steps.map(s, s)", "EXPR_TYPE"},
                 {"has(steps.debit)", "EXPR_TYPE"},
                 {"has(steps.debit.ran)", "EXPR_FUNCTION"}});
}

TEST_CASE("before anything failed there is no error, and outside of an event its payload is null") {
  ExprSaga saga;
  saga.saga.error = Json();
  saga.event = nullptr;
  check_all(saga, {{"error == null", "true"},
                   {"has(error.code)", "false"},
                   {"error.code", "!there is no 'code' in null"},
                   {"coalesce(error.code, 'none')", "\"none\""},
                   {"event", "null"}});
}

TEST_CASE("where nothing need have failed, what is read from the error is guarded") {
  ExprSaga saga;
  saga.environment.error = expr::ErrorAvailability::maybe_set;
  check_all(saga, {{"error.code", "EXPR_MAY_BE_ABSENT"},
                   {"error['code']", "EXPR_MAY_BE_ABSENT"},
                   {"error[input.tier]", "EXPR_MAY_BE_ABSENT"},
                   {"'code' in error", "EXPR_MAY_BE_ABSENT"},
                   {"error.details.reason", "EXPR_MAY_BE_ABSENT"},
                   {"error == null ? error.code : ''", "EXPR_MAY_BE_ABSENT"},
                   {"has(error.details.reason)", "EXPR_MAY_BE_ABSENT"},
                   {"error.?code.orValue('')", "\"closed\""},
                   {"coalesce(error.code, '')", "\"closed\""},
                   {"has(error.code) && error.message == 'm'", "true"},
                   {"error != null && 'code' in error", "true"},
                   {"error != null ? error.code + error[input.tier] : ''", "!there is no 'gold'"},
                   {"error == null || error.code == 'closed'", "true"},
                   {"null == error ? '' : error.code", "\"closed\""},
                   {"!(error == null) && error.code == 'closed'", "true"},
                   {"[error] != []", "true"}});
  CHECK(saga.finding("error.code == 'late'") ==
        "EXPR_MAY_BE_ABSENT 6 'error.code' may be absent, as nothing need have failed here: write "
        "error.?code.orValue(…), coalesce(error.code, …), or has(error.code) before it");
}

TEST_CASE("a document that was accepted before reads the error as it did") {
  ExprSaga saga;
  saga.environment.error = expr::ErrorAvailability::unchecked;
  CHECK(saga.codes("error.step + error.code + error.details.reason") == "");
}

TEST_CASE("a step's output: of one that has not run, may have run, is done without an answer") {
  ExprSaga saga;
  check_all(saga, {{"steps.notify.output", "!step 'notify' has not run"},
                   {"steps.notify.output.id", "!step 'notify' has not run"},
                   {"has(steps.notify.output)", "false"},
                   {"has(steps.notify.output) && steps.notify.output.id == 1", "false"},
                   {"steps.notify.?output.?id.orValue('none')", "\"none\""},
                   {"coalesce(steps.notify.output.id, 'none')", "\"none\""},
                   {"steps.credit.output", "null"},
                   {"has(steps.credit.output)", "false"},
                   {"steps.credit.output.id", "!there is no 'id' in null"},
                   {"steps.credit.?output.orValue('lost')", "\"lost\""},
                   {"has(steps.debit.output) && has(steps.debit.output.id)", "true"},
                   {"steps.debit.?output.id.orValue('none')", "\"d-1\""}});
}

TEST_CASE("roots are for their places only") {
  ExprSaga saga;
  saga.environment.roots = {Root::input};
  for (const char* text : {"data.x", "steps.debit.output", "event.x", "error.code", "saga.id",
                           "item.x", "index", "participants.accounts", "secrets.key"})
    CHECK_MESSAGE(saga.codes(text) == "EXPR_ROOT_NOT_ALLOWED", text);
  CHECK(saga.finding("item.sku") ==
        "EXPR_ROOT_NOT_ALLOWED 0 'item' cannot be used here: there is an item only in a step with "
        "forEach");
  CHECK(saga.finding("'a' + secrets.key") ==
        "EXPR_ROOT_NOT_ALLOWED 6 'secrets' cannot be used here: secrets are for the headers of a "
        "call");
}

TEST_CASE("names that are not there come with the nearest one that is") {
  ExprSaga saga;
  CHECK(saga.finding("inptu.amount") ==
        "EXPR_UNKNOWN_REFERENCE 0 there is no 'inptu': did you mean 'input'?");
  CHECK(saga.finding("now") ==
        "EXPR_UNKNOWN_REFERENCE 0 there is no 'now': did you mean 'saga.now'?");
  CHECK(saga.finding("quite_other") ==
        "EXPR_UNKNOWN_REFERENCE 0 there is no 'quite_other': known are input, data, steps, event, "
        "error, saga, item, index");
  CHECK(saga.finding("[1].map(y, x)").find("known are y, input") != std::string::npos);
  CHECK(saga.finding("steps.debti.output") ==
        "EXPR_UNKNOWN_STEP 6 there is no step 'debti': did you mean 'debit'?");
  CHECK(saga.finding("steps.debit.outptu") ==
        "EXPR_UNKNOWN_REFERENCE 12 a step has no 'outptu': did you mean 'output'?");
  CHECK(saga.finding("steps.debit.x") ==
        "EXPR_UNKNOWN_REFERENCE 12 a step has no 'x': it has output and ran");
  CHECK(saga.finding("saga.businesKey") ==
        "EXPR_UNKNOWN_REFERENCE 5 saga has no 'businesKey': did you mean 'businessKey'?");
  CHECK(saga.finding("error.cod") ==
        "EXPR_UNKNOWN_REFERENCE 6 there is no 'cod' in error: did you mean 'code'?");
  CHECK(saga.finding("[1].map(item2, itme2)") ==
        "EXPR_UNKNOWN_REFERENCE 15 there is no 'itme2': did you mean 'item2'?");
}

TEST_CASE("participants and secrets are told to the caller, and have no value") {
  ExprSaga saga;
  saga.environment.roots = {Root::participants, Root::secrets, Root::input};
  const auto compiled =
      expr::Expression::compile("participants.accounts + secrets['api-key']", saga.environment);
  REQUIRE(compiled.ok());
  const auto& references = compiled->references();
  CHECK(references.participants.contains("accounts"));
  CHECK(references.secrets.contains("api-key"));
  CHECK(references.roots == expr::Roots{Root::participants, Root::secrets});
  CHECK(saga.result("participants.accounts").ends_with("is known only when a request is sent"));
  CHECK(saga.codes("participants") == "EXPR_TYPE");
  saga.environment.participants = {"accounts", "stock"};
  CHECK(saga.finding("participants.acounts") ==
        "EXPR_UNKNOWN_REFERENCE 13 there is no participant 'acounts': did you mean 'accounts'?");
}

TEST_CASE("an expression tells what it reads") {
  const ExprSaga saga;
  const auto compiled = expr::Expression::compile(
      "steps.debit.output.id == input.x && steps.credit.ran", saga.environment);
  REQUIRE(compiled.ok());
  CHECK(compiled->references().steps == std::set<std::string, std::less<>>{"credit", "debit"});
  CHECK(compiled->references().roots == expr::Roots{Root::steps, Root::input});
  CHECK(compiled->type() == expr::Kind::boolean);
  CHECK(compiled->text() == "steps.debit.output.id == input.x && steps.credit.ran");
}

TEST_CASE("a wanted type is checked before, as far as it is known, and after") {
  ExprSaga saga;
  saga.environment.result = expr::Kind::boolean;
  CHECK(saga.finding("1 + 1") == "EXPR_TYPE 2 gives int where bool is wanted");
  CHECK(saga.result("input.on") == "true");
  const auto compiled = expr::Expression::compile("input.tier", saga.environment);
  REQUIRE(compiled.ok());
  const auto holds = compiled->holds(saga.view(), saga.event_view());
  REQUIRE_FALSE(holds.ok());
  CHECK(holds.error().message == "input.tier at 1:1: gives string, not bool");
}

TEST_CASE("as a guard an expression keeps its text, and throws what is wrong") {
  const ExprSaga saga;
  const auto make = [&](std::string_view text) {
    return expr::to_guard(*expr::Expression::compile(text, saga.environment));
  };
  const auto guard = make("input.amount > 1000");
  CHECK(guard.name == "input.amount > 1000");
  CHECK(guard.expression);
  CHECK(guard.holds(saga.view(), saga.event_view()));
  CHECK_THROWS_WITH_AS(make("input.missing > 1").holds(saga.view(), saga.event_view()),
                       "input.missing > 1 at 1:7: there is no 'missing'", std::runtime_error);
}

}  // namespace

}  // namespace skald::test
