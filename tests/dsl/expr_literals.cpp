#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("numbers are written as in CEL") {
  check_all({}, {{"0", "0"},
                 {"007", "7"},
                 {"0x1F", "31"},
                 {"-0xff", "-255"},
                 {"9223372036854775807", "9223372036854775807"},
                 {"-9223372036854775808", "-9223372036854775808"},
                 {"9223372036854775808", "EXPR_SYNTAX"},
                 {"-9223372036854775809", "EXPR_SYNTAX"},
                 {"0xFFFFFFFFFFFFFFFFF", "EXPR_SYNTAX"},
                 {"1.5", "1.5"},
                 {".5", "0.5"},
                 {"1.5e3", "1500.0"},
                 {"1E-2", "0.01"},
                 {"2e+2", "200.0"},
                 {"1e999", "EXPR_SYNTAX"},
                 {"1u", "EXPR_SYNTAX"},
                 {"12abc", "EXPR_SYNTAX"},
                 {"1e", "EXPR_SYNTAX"},
                 {"0x", "EXPR_SYNTAX"},
                 {"1.", "EXPR_SYNTAX"}});
}

TEST_CASE("strings have two kinds of quotes, three of them, and raw forms") {
  check_all({}, {{"'a\"b'", R"("a\"b")"},
                 {"\"a'b\"", R"("a'b")"},
                 {"''", "\"\""},
                 {"'''a'b''c'''", R"("a'b''c")"},
                 {"\"\"\"a\"b\nc\"\"\"", R"("a\"b\nc")"},
                 {"r'a\\n'", R"("a\\n")"},
                 {"R\"\\d+\"", R"("\\d+")"},
                 {"r'''a\\'b'''", R"("a\\'b")"},
                 {"'ünï 😀'", "\"ünï 😀\""},
                 {"'a\nb'", "EXPR_SYNTAX"},
                 {"'abc", "EXPR_SYNTAX"},
                 {"'''abc''", "EXPR_SYNTAX"},
                 {"'abc\\'", "EXPR_SYNTAX"},
                 {"b'abc'", "EXPR_SYNTAX"}});
}

TEST_CASE("escapes are those of CEL") {
  check_all({}, {{R"('\a\b\f\n\r\t\v')", R"("\u0007\b\f\n\r\t\u000b")"},
                 {R"('\\ \? \" \' \`')", R"("\\ ? \" ' `")"},
                 {R"('\x41\X42\u00e9\U0001F600\101')", "\"ABé😀A\""},
                 {R"('\000')", R"("\u0000")"},
                 {R"('\377')", "\"ÿ\""},
                 {R"('\q')", "EXPR_SYNTAX"},
                 {R"('\x4')", "EXPR_SYNTAX"},
                 {R"('\u12')", "EXPR_SYNTAX"},
                 {R"('\uD800')", "EXPR_SYNTAX"},
                 {R"('\U00110000')", "EXPR_SYNTAX"},
                 {R"('\400')", "EXPR_SYNTAX"},
                 {R"('\08')", "EXPR_SYNTAX"}});
}

TEST_CASE("lists and maps may end with a comma, keys are different strings") {
  check_all({}, {{"[]", "[]"},
                 {"[1, 'a', null, true,]", R"([1,"a",null,true])"},
                 {"{}", "{}"},
                 {"{'b': 1, 'a': [2],}", R"({"a":[2],"b":1})"},
                 {"{'a' + 'b': 1}", R"({"ab":1})"},
                 {"{'a': 1, 'a': 2}", "!the key 'a' appears twice"},
                 {"{1: 2}", "EXPR_TYPE"},
                 {"{input.amount: 2}", "!the key of a map is int, not string"},
                 {"[1 2]", "EXPR_SYNTAX"},
                 {"[,]", "EXPR_SYNTAX"},
                 {"{'a'}", "EXPR_SYNTAX"},
                 {"{'a': }", "EXPR_SYNTAX"}});
}

TEST_CASE("white space and comments separate, and mean nothing") {
  check_all({}, {{" \t\r\n\f1\n+\t2 ", "3"},
                 {"1 // one\n + 2 // two", "3"},
                 {"// only this", "EXPR_SYNTAX"},
                 {"", "EXPR_SYNTAX"},
                 {"   ", "EXPR_SYNTAX"}});
}

TEST_CASE("names that CEL reserves are refused, but can be selected") {
  check_all({}, {{"for", "EXPR_SYNTAX"},
                 {"let + 1", "EXPR_SYNTAX"},
                 {"in", "EXPR_SYNTAX"},
                 {"{'for': 1}.for + {'let': 2}.let", "3"},
                 {"input.null", "EXPR_SYNTAX"},
                 {"input.in", "EXPR_SYNTAX"},
                 {"input['in'] == 1", "!there is no 'in'"}});
}

TEST_CASE("a syntax error says where, what stands there, and what should") {
  const ExprSaga saga;
  CHECK(saga.finding("1 +") == "EXPR_SYNTAX 3 the expression ends where a value should follow");
  CHECK(saga.finding("input.amount = 5") ==
        "EXPR_SYNTAX 13 '=' where an operator or the end should follow: equality is written ==");
  CHECK(saga.finding("a & b") ==
        "EXPR_SYNTAX 2 '&' where an operator or the end should follow: "
        "and is written &&, or is written ||");
  CHECK(saga.finding("(1") == "EXPR_SYNTAX 2 the expression ends where ')' should follow");
  CHECK(saga.finding("[1, 2)") == "EXPR_SYNTAX 5 ')' where ']' should follow");
  CHECK(saga.finding("size(1, )") == "EXPR_SYNTAX 8 ')' where a value should follow");
  CHECK(saga.finding("true ? 1") == "EXPR_SYNTAX 8 the expression ends where ':' should follow");
  CHECK(saga.finding("1 2") == "EXPR_SYNTAX 2 '2' where an operator or the end should follow");
  CHECK(saga.finding("'a' # b") == "EXPR_SYNTAX 4 '#' means nothing here");
  CHECK(saga.finding("'x' == 'y") == "EXPR_SYNTAX 7 the string is not closed");
  CHECK(saga.finding("input.1") == "EXPR_SYNTAX 5 '.1' where an operator or the end should follow");
  CHECK(saga.result("1 +\n  2 ö") == "EXPR_SYNTAX 2:5 'ö' means nothing here");
  CHECK(saga.result("'öö' ö") == "EXPR_SYNTAX 1:6 'ö' means nothing here");
}

}  // namespace

}  // namespace skald::test
