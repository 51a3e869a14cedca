#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("operators bind as in CEL") {
  check_all({}, {{"1 + 2 * 3", "7"},
                 {"(1 + 2) * 3", "9"},
                 {"10 - 3 - 2", "5"},
                 {"100 / 10 / 5", "2"},
                 {"7 % 4 * 2", "6"},
                 {"-2 * -3", "6"},
                 {"- - 2", "2"},
                 {"!!true", "true"},
                 {"1 + 1 == 2 && 2 < 3 || false", "true"},
                 {"true || false && false", "true"},
                 {"!false && false", "false"},
                 {"1 < 2 == true", "true"},
                 {"true ? 1 : false ? 2 : 3", "1"},
                 {"false ? 1 : false ? 2 : 3", "3"},
                 {"false || true ? 1 : 2", "1"},
                 {"1 + 1 in [2]", "true"},
                 {"-[1, 2][0]", "-1"},
                 {"[[1, 2], [3]][0][1]", "2"},
                 {"{'a': {'b': [7]}}.a.b[0]", "7"}});
}

TEST_CASE("integers are exact or an error") {
  check_all({}, {{"9223372036854775806 + 1", "9223372036854775807"},
                 {"9223372036854775807 + 1", "!does not fit 64 bits"},
                 {"-9223372036854775808 - 1", "!does not fit 64 bits"},
                 {"4611686018427387904 * 2", "!does not fit 64 bits"},
                 {"4611686018427387904 * -2", "-9223372036854775808"},
                 {"-(-9223372036854775808)", "!does not fit 64 bits"},
                 {"--9223372036854775808", "!does not fit 64 bits"},
                 {"-9223372036854775808 / -1", "!does not fit 64 bits"},
                 {"-9223372036854775808 / 1", "-9223372036854775808"},
                 {"7 / 2", "3"},
                 {"-7 / 2", "-3"},
                 {"47 % 5", "2"},
                 {"43 % -5", "3"},
                 {"-42 % -5", "-2"},
                 {"-3 % 5", "-3"},
                 {"5 % -1", "0"},
                 {"15 / 0", "!division by zero"},
                 {"34 % 0", "!remainder of a division by zero"}});
}

TEST_CASE("doubles follow IEEE 754, and are never mixed into other numbers") {
  check_all({}, {{"0.5 + 0.25", "0.75"},
                 {"1.0 / 4.0", "0.25"},
                 {"-(1.5)", "-1.5"},
                 {"1.0 / 0.0 > 1e308", "true"},
                 {"0.0 / 0.0 == 0.0 / 0.0", "false"},
                 {"0.0 / 0.0 != 0.0 / 0.0", "true"},
                 {"0.0 / 0.0 < 1.0 || 0.0 / 0.0 >= 1.0", "false"},
                 {"-0.0 == 0.0", "true"},
                 {"1.0 / 0.0", "!a double that is not finite has no JSON form"},
                 {"1 + 1.0", "EXPR_TYPE"},
                 {"input.amount + input.rate", "!there is no int + double"},
                 {"1.5 % 1.0", "EXPR_TYPE"},
                 {"double(1) + 1.0", "2.0"}});
}

TEST_CASE("numbers compare by value, whatever their type") {
  check_all({}, {{"1 == 1.0", "true"},
                 {"1 != 1.5", "true"},
                 {"1 < 1.5 && 1.5 < 2", "true"},
                 {"2 >= 2.0 && 2.0 <= 2", "true"},
                 {"9007199254740993 == 9007199254740992.0", "false"},
                 {"9007199254740993 > 9007199254740992.0", "true"},
                 {"9223372036854775807 < 9223372036854775808.0", "true"},
                 {"9223372036854775807 < 1e300 && -1e300 < 0", "true"},
                 {"-9223372036854775808 == -9223372036854775808.0", "true"},
                 {"-1 > -1.5 && -2 < -1.5", "true"},
                 {"1 < 0.0 / 0.0 || 1 > 0.0 / 0.0 || 1 == 0.0 / 0.0", "false"}});
}

TEST_CASE("text compares by code points, booleans false before true") {
  check_all({}, {{"'a' < 'b' && 'Z' < 'a' && '' < 'a'", "true"},
                 {"'abc' < 'abcd'", "true"},
                 {"'é' > 'z'", "true"},
                 {"'\\u00e9' == 'e\\u0301'", "false"},
                 {"false < true", "true"},
                 {"'foo' < 1024", "EXPR_TYPE"},
                 {"null < null", "EXPR_TYPE"},
                 {"[1] < [2]", "EXPR_TYPE"},
                 {"input.tier < input.amount",
                  "!there is no string < int: convert with string(), "
                  "int(), decimal() or timestamp()"}});
}

TEST_CASE("equality looks into lists and maps") {
  check_all({}, {{"[1, 'a', null] == [1, 'a', null]", "true"},
                 {"[1, 2] == [2, 1]", "false"},
                 {"[1] == [1.0]", "true"},
                 {"[] == []", "true"},
                 {"[[]] != [[1]]", "true"},
                 {"{'a': 1, 'b': [2]} == {'b': [2.0], 'a': 1}", "true"},
                 {"{'a': 1} == {'a': 1, 'b': 2}", "false"},
                 {"{'a': 1, 'c': 1} == {'a': 1, 'b': 1}", "false"},
                 {"input.customer == {'name': 'Ada', 'e-mail': 'ada@example.org'}", "true"},
                 {"input.numbers == [3, 1, 2]", "true"},
                 {"input.tags == input.numbers", "false"},
                 {"input == input && input.items != input.tags", "true"},
                 {"input.big == input.big", "true"},
                 {"input.?tier == input.?tier && input.?x == input.?y", "true"},
                 {"input.?tier == input.?note", "false"}});
}

TEST_CASE("everything can be asked whether it is null") {
  check_all({}, {{"null == null", "true"},
                 {"input.note == null", "true"},
                 {"input.tier == null", "false"},
                 {"1 == null", "false"},
                 {"decimal('1') == null || duration('1s') == null", "false"},
                 {"[] != null", "true"}});
}

TEST_CASE("kinds that are never equal are a mistake where they are known, unequal where not") {
  check_all({}, {{"1 == 'a'", "EXPR_TYPE"},
                 {"true != 1", "EXPR_TYPE"},
                 {"[1] == {'a': 1}", "EXPR_TYPE"},
                 {"input.tier == 1", "false"},
                 {"input.tier != input.amount", "true"},
                 {"input.tags == input.customer", "false"}});
}

TEST_CASE("and, or: one operand can settle it, whatever is wrong with the others") {
  check_all({}, {{"false && 1 / 0 > 1", "false"},
                 {"1 / 0 > 1 && false", "false"},
                 {"true || 1 / 0 > 1", "true"},
                 {"1 / 0 > 1 || true", "true"},
                 {"1 / 0 > 1 && true", "!division by zero"},
                 {"true && 1 / 0 > 1", "!division by zero"},
                 {"1 / 0 > 1 || false", "!division by zero"},
                 {"1 % 0 > 1 || 1 / 0 > 1", "!remainder of a division by zero"},
                 {"input.missing && false", "false"},
                 {"input.amount && false", "false"},
                 {"true || input.tier", "true"},
                 {"input.tier || false", "!the operand is string, not bool"},
                 {"input.on && input.amount == 1500", "true"},
                 {"true && true && false && true", "false"},
                 {"false || false || true", "true"}});
}

TEST_CASE("nothing but a bool is true or false") {
  check_all({}, {{"!0", "EXPR_TYPE"},
                 {"1 && true", "EXPR_TYPE"},
                 {"'' || true", "EXPR_TYPE"},
                 {"null ? 1 : 2", "EXPR_TYPE"},
                 {"input.amount ? 1 : 2", "!the condition of ? is int, not bool"},
                 {"!input.note", "!there is no !null"},
                 {"-true", "EXPR_TYPE"},
                 {"-input.tier", "!there is no -string"}});
}

TEST_CASE("the branch not taken is not evaluated") {
  check_all({}, {{"true ? 1 : 1 / 0", "1"},
                 {"false ? 1 / 0 : 'a'", "\"a\""},
                 {"1 / 0 > 1 ? 1 : 2", "!division by zero"}});
}

TEST_CASE("in looks for an item of a list or a key of a map") {
  check_all({}, {{"2 in [1, 2]", "true"},
                 {"2.0 in [1, 2]", "true"},
                 {"'x' in []", "false"},
                 {"[1] in [[1], [2]]", "true"},
                 {"'a' in {'a': null}", "true"},
                 {"'a' in {'b': 1}", "false"},
                 {"'name' in input.customer && !('age' in input.customer)", "true"},
                 {"'b' in input.tags && !('c' in input.tags)", "true"},
                 {"1 in {'a': 1}", "EXPR_TYPE"},
                 {"input.amount in input.customer", "!there is no int in map"},
                 {"1 in 1", "EXPR_TYPE"},
                 {"1 in input.tier",
                  "!there is no int in string: convert with string(), int(), "
                  "decimal() or timestamp()"}});
}

TEST_CASE("lists and text can be put together") {
  check_all({}, {{"'a' + 'b' + ''", "\"ab\""},
                 {"[1] + [2, 'x'] + []", "[1,2,\"x\"]"},
                 {"input.tags + input.numbers", "[\"a\",\"b\",3,1,2]"},
                 {"'a' + 1", "EXPR_TYPE"},
                 {"[1] + 1", "EXPR_TYPE"},
                 {"{} + {}", "EXPR_TYPE"},
                 {"input.tier + input.amount",
                  "!there is no string + int: convert with string(), "
                  "int(), decimal() or timestamp()"}});
}

TEST_CASE("a JSON integer beyond 64 bits is passed on, but is no number") {
  check_all({}, {{"input.big", "18446744073709551615"},
                 {"[input.big]", "[18446744073709551615]"},
                 {"input.big + 1", "!there is no integer beyond 64 bits + int"},
                 {"input.big > 1", "!there is no integer beyond 64 bits > int"},
                 {"input.big == 1", "!there is no integer beyond 64 bits == int"},
                 {"1.0 == input.big", "!there is no double == integer beyond 64 bits"},
                 {"input.big == null", "false"},
                 {"string(input.big)", "!string() does not take (integer beyond 64 bits)"}});
}

}  // namespace

}  // namespace skald::test
