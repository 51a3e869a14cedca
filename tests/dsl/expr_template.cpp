#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

using expr::Template;
using nlohmann::json;

/// What the template gives as JSON text, "error: …", or its findings.
std::string made(const ExprSaga& saga, const json& source, std::string_view base = "/body") {
  const auto compiled = Template::compile(source, saga.environment, base);
  std::string all;
  if (!compiled) {
    for (const auto& finding : compiled.error().findings)
      all += (all.empty() ? "" : "\n") + finding.code + " " + finding.where + " " + finding.why;
    return all;
  }
  const auto value = compiled->evaluate(saga.view(), saga.event_view());
  return value ? value->dump() : "error: " + value.error().message;
}

TEST_CASE("an expression alone keeps its type, in text it becomes text") {
  const ExprSaga saga;
  CHECK(made(saga, "${input.amount}") == "1500");
  CHECK(made(saga, "${ input.amount > 1 }") == "true");
  CHECK(made(saga, "${input.tags}") == R"(["a","b"])");
  CHECK(made(saga, "${input.note}") == "null");
  CHECK(made(saga, "${input.amount} ") == "\"1500 \"");
  CHECK(made(saga, "a ${input.amount}${input.tier} b") == "\"a 1500gold b\"");
  CHECK(made(saga, "${input.amount}${input.amount}") == "\"15001500\"");
  CHECK(made(saga, "at ${saga.now} for ${duration('90s')}, ${decimal('1.50')}, ${input.on}") ==
        "\"at 2026-11-21T03:10:10.042Z for 90s, 1.50, true\"");
}

TEST_CASE("everything else is literal, and $${ is a plain ${") {
  const ExprSaga saga;
  for (const json& literal :
       {json(1), json(nullptr), json(true), json(1.5), json("text"), json(""), json("$ { } $x {a}"),
        json::array(), json::object(), json{{"a", {1, {{"b", "$"}}}}}, json("100$")}) {
    CHECK(made(saga, literal) == literal.dump());
  }
  CHECK(made(saga, "$${input.amount}") == "\"${input.amount}\"");
  CHECK(made(saga, "$$${input.amount}") == "\"$${input.amount}\"");
  CHECK(made(saga, "$${a} is ${input.amount}") == "\"${a} is 1500\"");
  CHECK(made(saga, json{{"a", {"$${x}"}}}) == R"({"a":["${x}"]})");
}

TEST_CASE("objects and lists recurse, keys are never templates") {
  const ExprSaga saga;
  CHECK(made(saga, json::parse(R"({"a": ["${input.tier}", {"b": "x${1 + 1}"}], "c": 5,
                                   "${input.tier}": null})")) ==
        R"({"${input.tier}":null,"a":["gold",{"b":"x2"}],"c":5})");
}

TEST_CASE("the lexer finds the end of an expression, not the first brace") {
  const ExprSaga saga;
  CHECK(made(saga, "${ {'a': {'b': 1}}.a.b }") == "1");
  CHECK(made(saga, "${'}'}") == "\"}\"");
  CHECK(made(saga, "<${ \"}\" + '{' + r'\\' + '''}'}''' }>") == "\"<}{\\\\}'}>\"");
  CHECK(made(saga, "${ '\\'}' }") == "\"'}\"");
  CHECK(made(saga, "${1 // }\n + 1}") == "2");
  CHECK(made(saga, "${'${1}'}") == "\"${1}\"");
  CHECK(made(saga, "${ {} }}") ==
        "EXPR_TYPE /body ${ {} } gives map, which has no text form: let "
        "it stand alone, or use .join(\", \")");
}

TEST_CASE("what has no text form is refused, before or when it is evaluated") {
  const ExprSaga saga;
  CHECK(made(saga, "a ${[1]}").starts_with("EXPR_TYPE /body ${[1]} gives list"));
  CHECK(made(saga, "a ${null}").starts_with("EXPR_TYPE /body ${null} gives null"));
  CHECK(made(saga, "a ${input.tags}") == "error: /body: input.tags at 1:7: list has no text form");
  CHECK(made(saga, "a ${input.note}") == "error: /body: input.note at 1:7: null has no text form");
  CHECK(made(saga, "a ${input.missing}") ==
        "error: /body: input.missing at 1:7: there is no 'missing'");
  CHECK(made(saga, json{{"a", {{"b/c", {1, "${input.missing}"}}}}}) ==
        "error: /body/a/b~1c/1: input.missing at 1:7: there is no 'missing'");
  CHECK(made(saga, "${input.missing}", "") == "error: input.missing at 1:7: there is no 'missing'");
  CHECK(made(saga, "${input.?tier}").starts_with("EXPR_TYPE"));
  CHECK(made(saga, "a ${input.?tier}").starts_with("EXPR_TYPE"));
}

TEST_CASE("findings carry the pointer and the place in the string, all at once") {
  const ExprSaga saga;
  CHECK(made(saga, json::parse(R"({"a": "x ${inptu.b} ${1 +}", "b~": ["${'a}", "${'a' + 1}"]})")) ==
        "EXPR_UNKNOWN_REFERENCE /body/a at 1:5 there is no 'inptu': did you mean 'input'?\n"
        "EXPR_SYNTAX /body/a at 1:19 the expression ends where a value should follow\n"
        "EXPR_SYNTAX /body/b~0/0 at 1:3 the string is not closed\n"
        "EXPR_TYPE /body/b~0/1 at 1:7 there is no string + int: convert one with string(), int(), "
        "double() or decimal()");
  CHECK(made(saga, "a ${1") ==
        "EXPR_SYNTAX /body at 1:5 the ${ is not closed by a }: close it, or write $${ where a "
        "plain ${ is meant");
  CHECK(made(saga, "${}") ==
        "EXPR_SYNTAX /body at 1:3 the expression ends where a value should follow");
  CHECK(made(saga, "${1}", "/x") == "1");
}

TEST_CASE("a wanted type is that of the whole, not of the parts") {
  ExprSaga saga;
  saga.environment.result = expr::Kind::text;
  CHECK(made(saga, "${input.amount > 1}") ==
        "EXPR_TYPE /body at 1:16 gives bool where string is "
        "wanted");
  CHECK(made(saga, "n ${1}") == "\"n 1\"");
  CHECK(made(saga, 5) == "EXPR_TYPE /body gives int where string is wanted");
  saga.environment.result = expr::Kind::list;
  CHECK(made(saga, json{"${input.amount}", 2}) == "[1500,2]");
  CHECK(made(saga, "${input.tags}") == R"(["a","b"])");
  CHECK(made(saga, json{{"a", "${1}"}}) == "EXPR_TYPE /body gives map where list is wanted");
}

TEST_CASE("a template knows its source, what it reads and what it gives") {
  const ExprSaga saga;
  const json source{{"a", "${steps.debit.output.id}"}, {"b", {"${steps.credit.ran} ${input.x}"}}};
  const auto compiled = Template::compile(source, saga.environment);
  REQUIRE(compiled.ok());
  CHECK(compiled->source().value() == source);
  CHECK(compiled->references().steps == std::set<std::string, std::less<>>{"credit", "debit"});
  CHECK(compiled->references().roots.contains(expr::Root::input));
  CHECK(compiled->type() == expr::Kind::map);
  CHECK(Template::compile("${1}", saga.environment)->type() == expr::Kind::integer);
  CHECK(Template::compile("a${1}", saga.environment)->type() == expr::Kind::text);
  CHECK(Template::compile(nullptr, saga.environment)->type() == expr::Kind::null);
}

TEST_CASE("as a value a template keeps its source, and throws what is wrong") {
  const ExprSaga saga;
  const auto value = expr::to_value(*Template::compile("${input.tier}", saga.environment));
  CHECK(value.source.value() == "${input.tier}");
  CHECK(value.make(saga.view(), saga.event_view()) == "gold");
  const auto lost =
      expr::to_value(*Template::compile("${input.missing}", saga.environment, "/key"));
  CHECK_THROWS_WITH_AS(lost.make(saga.view(), saga.event_view()),
                       "/key: input.missing at 1:7: there is no 'missing'", std::runtime_error);
}

TEST_CASE("a text can be cut without compiling it") {
  const auto pieces = expr::pieces_of("POST ${participants.a}/b/$${x}/${input['}']}");
  REQUIRE(pieces.ok());
  std::string all;
  for (const auto& piece : *pieces)
    all += (piece.expression ? "<" : "[") + piece.text + "@" + std::to_string(piece.offset) + " ";
  CHECK(all == "[POST @0 <participants.a@7 [/b/${x}/@22 <input['}']@33 ");
  CHECK(expr::pieces_of("")->empty());
  const auto open = expr::pieces_of("a ${b", "/call/http");
  REQUIRE_FALSE(open.ok());
  CHECK(open.error().findings.at(0).where == "/call/http");
}

TEST_CASE("all expressions of a template together use up no more than one may") {
  ExprSaga saga;
  json list = json::array();
  for (int i = 0; i < 10'000; ++i) list.push_back(i);
  saga.saga.input = Json(json{{"list", list}});
  const json costly = "${input.list.all(x, x >= 0)}";
  CHECK(made(saga, json::array({costly, costly})) == "[true,true]");
  CHECK(made(saga, json(std::vector<json>(100, costly))).ends_with("let it do less"));
  const json large = "${input.list}";
  CHECK(made(saga, json(std::vector<json>(100, large))).ends_with("let it do less"));
}

TEST_CASE("templates are limited in the length of text with expressions, and in findings") {
  const ExprSaga saga;
  const std::string text(64 * 1024, 'x');
  CHECK(made(saga, text + "y").size() == text.size() + 3);
  CHECK(made(saga, text + "${1}").starts_with("EXPR_TOO_LONG /body"));
  CHECK(made(saga, text.substr(4) + "${1}").ends_with("x1\""));
  const auto refused =
      Template::compile(std::vector<json>(1000, "${x}"), saga.environment).error().findings;
  CHECK(refused.size() == 100);
}

TEST_CASE("templates are limited in depth, and must be UTF-8") {
  const ExprSaga saga;
  json deep = "${1}";
  for (int i = 0; i < 64; ++i) deep = json::array({deep});
  CHECK(made(saga, deep).starts_with("[[[["));
  CHECK(made(saga, json::array({deep})).starts_with("EXPR_TOO_DEEP /body/0/0/0"));
  CHECK(made(saga, "a\xff${1}") == "EXPR_SYNTAX /body is not UTF-8");
}

}  // namespace

}  // namespace skald::test
