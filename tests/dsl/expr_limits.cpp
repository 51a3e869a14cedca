#include <doctest/doctest.h>

#include "dsl/expr/limits.hpp"
#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

using nlohmann::json;

std::string repeated(std::size_t times, const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("an expression is limited in length") {
  const ExprSaga saga;
  CHECK(saga.result("'" + std::string(4094, 'x') + "'").size() == 4096);
  CHECK(saga.codes("'" + std::string(4095, 'x') + "'") == "EXPR_TOO_LONG");
  CHECK(saga.codes(std::string(100'000, '(')) == "EXPR_TOO_LONG");
  CHECK(saga.codes("1" + repeated(63, "+1")).empty());
  CHECK(saga.codes("[" + repeated(1000, "1,") + "]").empty());
  CHECK(saga.codes("[" + repeated(1100, "1,") + "]") == "EXPR_TOO_LONG");
}

TEST_CASE("an expression is limited in depth, whatever makes it deep") {
  const ExprSaga saga;
  const auto nested = [](std::size_t depth, const std::string& open, const std::string& close) {
    return repeated(depth, open) + "1" + repeated(depth, close);
  };
  CHECK(saga.result(nested(63, "(", ")")) == "1");
  CHECK(saga.codes(nested(64, "(", ")")) == "EXPR_TOO_DEEP");
  CHECK(saga.codes(nested(2000, "(", ")")) == "EXPR_TOO_DEEP");
  CHECK(saga.codes(nested(63, "[", "]")).empty());
  CHECK(saga.codes(nested(64, "[", "]")) == "EXPR_TOO_DEEP");
  for (const auto& text :
       {repeated(2000, "["), repeated(600, "{'a':"), repeated(4000, "!") + "true",
        repeated(4000, "-") + "1", "1" + repeated(2000, "+1"), "input" + repeated(2000, ".a"),
        "input" + repeated(1300, "[0]"), repeated(500, "true?1:"), "1" + repeated(100, "-1"),
        repeated(500, "size("), repeated(100, "[1].map(x,"), repeated(2000, "(")})
    CHECK_MESSAGE(saga.codes(text) == "EXPR_TOO_DEEP", text.substr(0, 20));
  CHECK(saga.result(repeated(32, "!") + "true") == "true");
  CHECK(saga.result("0" + repeated(60, "+1")) == "60");
  CHECK(saga.result("true" + repeated(400, "&&true")) == "true");
  CHECK(saga.result("false" + repeated(400, "||false")) == "false");
  CHECK(saga.result(repeated(24, "false?1:") + "2") == "2");
}

TEST_CASE("macros are limited in how many lie inside one another") {
  const ExprSaga saga;
  const auto nested = [](std::size_t depth) {
    return repeated(depth, "[1].all(x, ") + "x == 1" + repeated(depth, ")");
  };
  CHECK(saga.result(nested(8)) == "true");
  CHECK(saga.codes(nested(9)) == "EXPR_TOO_DEEP");
}

/// A saga whose input is a list of `count` numbers and a text.
ExprSaga with_list(std::size_t count) {
  ExprSaga saga;
  json list = json::array();
  for (std::size_t i = 0; i < count; ++i) list.push_back(i);
  saga.saga.input = Json(json{{"list", list}, {"text", std::string(1 << 20, 'a')}});
  return saga;
}

TEST_CASE("an evaluation is limited in steps, and that is an error nothing passes over") {
  const auto saga = with_list(10'000);
  const std::string spent = "takes more steps or memory than one evaluation may: let it do less";
  CHECK(saga.result("sum(input.list.map(x, x * 2))") == "99990000");
  for (const std::string endless :
       {"input.list.all(x, input.list.all(y, x >= 0))",
        "input.list.all(x, input.list.all(y, x >= 0)) || true",
        "coalesce(input.list.all(x, input.list.all(y, x >= 0)), true)",
        "input.list.exists(x, x in input.list.map(y, y + 20000))",
        "[1].exists(z, input.list.all(x, input.list.all(y, x >= 0))) ? 1 : 2",
        "input.list.map(x, input.list == input.list)[0]"})
    CHECK_MESSAGE(saga.result(endless).ends_with(spent), endless, " ", saga.result(endless));
}

TEST_CASE("an evaluation is limited in memory, of what it makes and of what it gives") {
  const auto saga = with_list(10'000);
  for (const std::string large :
       {"input.list.map(x, input.text + 'b').size()", "input.list.map(x, input.text)",
        "input.list.map(x, input)", "input.list.map(x, input.list + input.list)",
        "input.text.replace('a', 'aaaaaaaaaaaaaaaaaaaa')", "input.list.map(x, input.text).join()",
        "input.text.split('').map(x, x + input.text).size()"})
    CHECK_MESSAGE(saga.result(large).ends_with("let it do less"), large);
  CHECK(saga.result("input.text.size()") == "1048576");
  CHECK(saga.result("input.text.upperAscii().contains('AAB')") == "false");
}

TEST_CASE("a search in long text is paid for") {
  const auto saga = with_list(1);
  CHECK(saga.result("input.text.contains(input.text.substring(1000) + 'b')")
            .ends_with("let it do less"));
  CHECK(saga.result("input.text.matches('b')") == "false");
  CHECK(saga.result("input.text.substring(1000000).matches('(a*)*b')") == "false");
  CHECK(saga.result("input.text.matches('.{1,100}b')").ends_with("let it do less"));
  CHECK(saga.codes("'a'.matches('" + repeated(600, "a") + "')") == "EXPR_REGEX");
  CHECK(saga.codes("'a'.matches('((a{100}){100}){100}')") == "EXPR_REGEX");
}

TEST_CASE("values nested deeper than documents may be are refused, not followed") {
  ExprSaga saga;
  json deep = 1;
  for (int i = 0; i < 1000; ++i) deep = json::array({std::move(deep)});
  saga.saga.input = Json(json{{"a", deep}, {"b", deep}});
  CHECK(saga.result("input.a == input.b").ends_with("the values are nested too deep to compare"));
}

TEST_CASE("any bytes are an expression or a finding, never more") {
  const ExprSaga saga;
  CHECK(saga.codes("\xff") == "EXPR_SYNTAX");
  CHECK(saga.codes("'\xc3'") == "EXPR_SYNTAX");
  CHECK(saga.codes("'\xed\xa0\x80'") == "EXPR_SYNTAX");
  for (const char* overlong : {"'\xc0\xaf'", "'\xe0\x80\xaf'", "'\xf0\x80\x80\xaf'"})
    CHECK(saga.codes(overlong) == "EXPR_SYNTAX");
  CHECK(saga.codes("'\xf5\x80\x80\x80'") == "EXPR_SYNTAX");
  CHECK(saga.codes(std::string_view("\0", 1)) == "EXPR_SYNTAX");
  CHECK(saga.codes("input.\x01") == "EXPR_SYNTAX");
  CHECK(saga.codes("99999999999999999999999999999999") == "EXPR_SYNTAX");
  CHECK(saga.codes(repeated(4000, "9")) == "EXPR_SYNTAX");
  CHECK(saga.codes("0." + repeated(4000, "9")).empty());
  const std::string alphabet = "aio.?[](){}'\"\\,:!&|=<>+-*/%0129er \n$#ü";
  std::uint64_t state = 7;
  const auto next = [&] {
    return (state = state * 6364136223846793005U + 1442695040888963407U) >> 33;
  };
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto size = next() % 30; size > 0; --size) text += alphabet[next() % alphabet.size()];
    static_cast<void>(saga.result(text));
  }
}

/// Pieces that are valid for themselves, put together blindly: more of these come to be evaluated.
TEST_CASE("whatever is accepted evaluates to a value or an error") {
  const ExprSaga saga;
  const std::vector<std::string> parts{"input",
                                       ".items",
                                       ".amount",
                                       ".?note",
                                       "[0]",
                                       "[?1]",
                                       "steps.debit.output",
                                       "1",
                                       "'a'",
                                       "null",
                                       "true",
                                       "1.5",
                                       "+",
                                       "-",
                                       "*",
                                       "/",
                                       "%",
                                       "==",
                                       "<",
                                       "&&",
                                       "||",
                                       "in",
                                       "!",
                                       "(",
                                       ")",
                                       "? ",
                                       ":",
                                       "[",
                                       "]",
                                       ",",
                                       "{",
                                       "}",
                                       "'k':",
                                       ".map(x",
                                       "x",
                                       ".size()",
                                       "sum(",
                                       "has(",
                                       "coalesce(",
                                       ".orValue(",
                                       "decimal('1.5')",
                                       "duration('1s')",
                                       "saga.now"};
  std::uint64_t state = 9;
  const auto next = [&] {
    return (state = state * 6364136223846793005U + 1442695040888963407U) >> 33;
  };
  int accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    for (auto size = 1 + next() % 7; size > 0; --size) text += parts[next() % parts.size()];
    if (!saga.result(text).starts_with("EXPR_")) ++accepted;
  }
  CHECK(accepted > 1000);
}

}  // namespace

}  // namespace skald::test
