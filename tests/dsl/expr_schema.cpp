#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

using nlohmann::json;

/// A saga whose input is declared.
struct Declared : ExprSaga {
  explicit Declared(std::string_view schema) : schema_(json::parse(schema)) {
    environment.input = &schema_;
  }
  Declared(const Declared&) = delete;
  Declared& operator=(const Declared&) = delete;

 private:
  json schema_;
};

const std::string_view order = R"({
  "type": "object", "required": ["amount", "tier", "customer", "items", "price"],
  "properties": {
    "amount": {"type": "integer"}, "rate": {"type": "number"}, "price": {"type": "string"},
    "tier": {"enum": ["gold", "silver"]}, "kind": {"const": "card"},
    "note": {"type": ["string", "null"]}, "on": {"type": "boolean"},
    "customer": {"$ref": "#/definitions/customer"},
    "items": {"type": "array", "items": {"type": "object", "required": ["sku"], "properties":
        {"sku": {"type": "string"}, "gift": {"type": "boolean"}}}},
    "open": {"type": "object"},
    "more": {"type": "object", "properties": {"a": {}}, "additionalProperties":
        {"type": "integer"}},
    "either": {"oneOf": [{"type": "object", "properties": {"a": {}}}, {"type": "string"}]},
    "loop": {"$ref": "#/properties/loop"}, "lost": {"$ref": "#/nowhere"},
    "bad": {"$ref": "#~9"}, "far": {"$ref": "other.json#/a"}},
  "definitions": {"customer": {"type": "object", "required": ["name"], "additionalProperties":
    false, "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}}})";

TEST_CASE("a key that the schema does not declare is not there") {
  const Declared saga(order);
  CHECK(saga.finding("input.amuont > 1") ==
        "EXPR_UNKNOWN_REFERENCE 6 there is no 'amuont' in input: did you mean 'amount'?");
  CHECK(saga.finding("input.customer.nmae") ==
        "EXPR_UNKNOWN_REFERENCE 15 there is no 'nmae' in input.customer: did you mean 'name'?");
  CHECK(
      saga.finding("input.customer.address") ==
      "EXPR_UNKNOWN_REFERENCE 15 there is no 'address' in input.customer: declared are age, name");
  CHECK(saga.finding("input.items.map(i, i.skuu)") ==
        "EXPR_UNKNOWN_REFERENCE 21 there is no 'skuu' in i: did you mean 'sku'?");
  CHECK(saga.finding("amount > 1") ==
        "EXPR_UNKNOWN_REFERENCE 0 there is no 'amount': did you mean 'input.amount'?");
  check_all(saga, {{"has(input.amuont)", "EXPR_UNKNOWN_REFERENCE"},
                   {"input.?amuont.orValue(1)", "EXPR_UNKNOWN_REFERENCE"},
                   {"coalesce(input.amuont, 1)", "EXPR_UNKNOWN_REFERENCE"},
                   {"input['amuont']", "EXPR_UNKNOWN_REFERENCE"},
                   {"input.amount + input.items[0].sku.size()", "1502"}});
}

TEST_CASE("a key that need not be there is read under a condition only") {
  const Declared saga(order);
  CHECK(saga.finding("input.customer.age > 17") ==
        "EXPR_MAY_BE_ABSENT 15 'input.customer.age' may be absent: write "
        "input.customer.?age.orValue(…), coalesce(input.customer.age, …), or "
        "has(input.customer.age) before it");
  for (const char* text :
       {"has(input.rate) && input.rate > 1.0", "!has(input.rate) || input.rate > 1.0",
        "has(input.rate) ? input.rate : 1.0", "!has(input.rate) ? 1.0 : input.rate",
        "!(has(input.rate) && input.amount > 1) ? 1.0 : input.rate",
        "'rate' in input && input.rate > 1.0",
        "has(input.rate) && has(input.on) && input.on && input.rate > 1.0",
        "!has(input.rate) || !has(input.on) || input.on || input.rate > 1.0",
        "has(input.rate) && [1].all(x, input.rate > 1.0)", "input.?rate.orValue(1.0) > 1.0",
        "coalesce(input.rate, 1.0) > 1.0", "coalesce(input.rate + 1.0, 1.0) > 1.0",
        "has(input.rate) && input['rate'] > 1.0", "has(input.customer.age)",
        "input.items.filter(i, has(i.gift) && i.gift).size() > 0",
        "input.items.map(i, has(i.gift), i.gift)[0]",
        "input.items.exists(i, i.?gift.orValue(true))",
        "has(input.more) && has(input.more.x) && input.more.x > 1"})
    CHECK_MESSAGE(saga.codes(text).empty(), text, " ", saga.result(text));
  for (const char* text :
       {"input.rate > 1.0 && has(input.rate)", "has(input.rate) || input.rate > 1.0",
        "has(input.rate) ? 1.0 : input.rate", "!has(input.rate) && input.rate > 1.0",
        "has(input.on) && input.rate > 1.0", "(has(input.rate) || true) && input.rate > 1.0",
        "(has(input.rate) && true) || input.rate > 1.0",
        "has(input.rate) && true ? 1.0 : input.rate", "coalesce(1.0, input.rate)",
        "input.items.all(i, i.gift)",
        "input.items.all(i, has(i.gift)) && input.items.all(i, i.gift)", "input.more.x > 1",
        "has(input.more.x)"})
    CHECK_MESSAGE(saga.codes(text).starts_with("EXPR_MAY_BE_ABSENT"), text);
}

TEST_CASE("declared types are checked") {
  const Declared saga(order);
  check_all(saga, {{"input.amount + 'a'", "EXPR_TYPE"},
                   {"input.price > 5", "EXPR_TYPE"},
                   {"input.price * 2", "EXPR_TYPE"},
                   {"input.amount.name", "EXPR_TYPE"},
                   {"input.customer.name > 5", "EXPR_TYPE"},
                   {"input.items.sku", "EXPR_TYPE"},
                   {"input.items[0].sku + 1", "EXPR_TYPE"},
                   {"input.items['a']", "EXPR_TYPE"},
                   {"input.amount.all(x, true)", "EXPR_TYPE"},
                   {"size(input.amount)", "EXPR_TYPE"},
                   {"decimal(input.price) + decimal(input.amount)", "\"1512.30\""},
                   {"coalesce(input.rate, 1) + 1", "!there is no double + int"},
                   {"coalesce(input.rate, 1) + 'a'", "EXPR_TYPE"},
                   {"coalesce(input.note, 'x') + 1",
                    "!there is no string + int: convert with "
                    "string(), int(), decimal() or timestamp()"}});
}

TEST_CASE("a literal is compared with the values that are declared") {
  const Declared saga(order);
  CHECK(saga.finding("input.tier == 'glod'") ==
        "EXPR_TYPE 14 'glod' is none of the declared values: did you mean 'gold'?");
  CHECK(saga.finding("'platinum' != input.tier") ==
        "EXPR_TYPE 0 'platinum' is none of the declared values: they are 'gold', 'silver'");
  CHECK(saga.result("input.tier == 'gold'") == "true");
  CHECK(saga.codes("input.?kind.orValue('card') == 'cash'") == "");
  CHECK(saga.codes("has(input.kind) && input.kind == 'cash'") == "EXPR_TYPE");
}

TEST_CASE("what a schema leaves open is known when it is evaluated") {
  const Declared saga(order);
  for (const char* text :
       {"input.?open.orValue({}).anything", "has(input.open) && input.open.x == 1",
        "has(input.either) && input.either.b == 1", "has(input.loop) && input.loop.x == 1",
        "has(input.bad) && input.bad.x == 1", "has(input.lost) && input.lost.x == 1",
        "has(input.far) && input.far.x == 1"})
    CHECK_MESSAGE(saga.codes(text).empty(), text);
  for (const std::string_view schema :
       {R"(true)", R"({})", R"({"type": "object"})", R"({"type": ["object", "null"]})", R"(7)",
        R"({"$ref": 1})", R"({"type": 7, "properties": 3})", R"({"properties": 3})",
        R"({"allOf": [{"properties": {"a": {}}}]})", R"({"patternProperties": {"a": {}}})",
        R"({"properties": {"a": {}}, "oneOf": [{"required": ["b"]}]})",
        R"({"properties": {"a": {}}, "patternProperties": {"x": {}}})"}) {
    const Declared open(schema);
    CHECK_MESSAGE(open.codes("input.anything.at.all == 1").empty(), schema);
  }
  const Declared required(R"({"type": "object", "required": ["a"]})");
  CHECK(required.codes("input.a + input.b") == "");
  const Declared no_required(R"({"properties": {"a": {}}, "required": "a"})");
  CHECK(no_required.codes("input.a") == "EXPR_MAY_BE_ABSENT");
}

TEST_CASE("items and outputs, events and items are declared in the same way") {
  ExprSaga saga;
  const json schema = json::parse(
      R"({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}})");
  saga.environment.steps["debit"].output = &schema;
  saga.environment.steps["credit"] = {expr::StepAvailability::surely_done, &schema, true};
  saga.environment.event = saga.environment.item = saga.environment.data = &schema;
  check_all(saga, {{"steps.debit.output.idd", "EXPR_UNKNOWN_REFERENCE"},
                   {"steps.debit.output.id + 1", "EXPR_TYPE"},
                   {"steps.debit.?output.idd.orValue('')", "EXPR_UNKNOWN_REFERENCE"},
                   {"steps.credit.output.id", "EXPR_TYPE"},
                   {"steps.credit.output.map(o, o.idd)", "EXPR_UNKNOWN_REFERENCE"},
                   {"event.idd", "EXPR_UNKNOWN_REFERENCE"},
                   {"item.idd", "EXPR_UNKNOWN_REFERENCE"},
                   {"data.idd", "EXPR_UNKNOWN_REFERENCE"},
                   {"steps.debit.output.id", "\"d-1\""}});
}

TEST_CASE("what is advised can be written: names that are no identifiers stand in brackets") {
  ExprSaga saga;
  saga.environment.steps["debit-source"].availability = expr::StepAvailability::maybe_done;
  CHECK(saga.finding("steps['debit-source'].output.id") ==
        "EXPR_MAY_BE_ABSENT 22 'steps['debit-source'].output' may be absent: write "
        "steps['debit-source'].?output.orValue(…), coalesce(steps['debit-source'].output, …), or "
        "has(steps['debit-source'].output) before it");
  check_all(saga, {{"steps['debit-source'].?output.orValue('x')", "\"x\""},
                   {"coalesce(steps['debit-source'].output, 'x')", "\"x\""},
                   {"has(steps['debit-source'].output)", "false"}});
  const json schema =
      json::parse(R"({"type": "object", "properties": {"it's": {"type": "string"}}})");
  saga.environment.input = &schema;
  CHECK(saga.finding("input[\"it's\"]").find("write input[?'it\\'s'].orValue(…), ") !=
        std::string::npos);
  CHECK(saga.result("input[?'it\\'s'].orValue('x')") == "\"x\"");
}

TEST_CASE("a step that may not have run is read under a condition, one that has not never") {
  ExprSaga saga;
  saga.environment.steps["debit"].availability = expr::StepAvailability::maybe_done;
  saga.environment.steps["notify"].availability = expr::StepAvailability::not_yet;
  CHECK(saga.finding("steps.debit.output.id") ==
        "EXPR_MAY_BE_ABSENT 12 'steps.debit.output' may be absent: write "
        "steps.debit.?output.orValue(…), coalesce(steps.debit.output, …), or "
        "has(steps.debit.output) before it");
  CHECK(saga.finding("steps.notify.output") ==
        "EXPR_UNKNOWN_STEP 13 step 'notify' has never run here: read only steps that come before");
  check_all(saga, {{"has(steps.debit.output) ? steps.debit.output.id : 'x'", "\"d-1\""},
                   {"has(steps.debit.output) && steps.debit.output.id == 'd-1'", "true"},
                   {"steps.debit.?output.?id.orValue('x')", "\"d-1\""},
                   {"steps.debit.?output.id.orValue('x')", "\"d-1\""},
                   {"coalesce(steps.debit.output.id, 'x')", "\"d-1\""},
                   {"steps.debit.ran && steps.debit.output.id == 'd-1'", "EXPR_MAY_BE_ABSENT"},
                   {"steps.notify.ran", "false"},
                   {"has(steps.notify.output)", "EXPR_UNKNOWN_STEP"},
                   {"coalesce(steps.notify.output, 1)", "EXPR_UNKNOWN_STEP"}});
}

TEST_CASE("all findings of an expression come at once, each with its place") {
  const Declared saga(order);
  CHECK(saga.result("input.amuont > 1 && input.tier == 'glod'\n  && siz(input.items) > 'a'") ==
        "EXPR_UNKNOWN_REFERENCE 1:7 there is no 'amuont' in input: did you mean 'amount'?\n"
        "EXPR_TYPE 1:35 'glod' is none of the declared values: did you mean 'gold'?\n"
        "EXPR_FUNCTION 2:6 there is no function 'siz': did you mean 'size'?");
}

}  // namespace

}  // namespace skald::test
