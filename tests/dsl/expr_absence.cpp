#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("what is not there is an error, what is null is a value") {
  check_all({}, {{"input.missing", "!there is no 'missing'"},
                 {"input.customer.missing.deeper", "!there is no 'missing'"},
                 {"input.note", "null"},
                 {"input.note.x", "!there is no 'x' in null"},
                 {"input.tier.x", "!string has no 'x'"},
                 {"input.tags[2]", "!the list has 2 items, none at 2"},
                 {"input.tags[-1]", "!the list has 2 items, none at -1"},
                 {"input.tags[input.rate]", "!there is no list[double]"},
                 {"input.tags[0.0]", "EXPR_TYPE"},
                 {"input.tags['a']", "!list has no 'a'"},
                 {"input.customer[0]", "!there is no map[int]"},
                 {"input.note[0]", "!null has no items"},
                 {"[1, 2][2]", "!the list has 2 items, none at 2"},
                 {"[1, 2]['a']", "EXPR_TYPE"}});
}

TEST_CASE("has() asks for the last name of a chain") {
  check_all({}, {{"has(input.tier)", "true"},
                 {"has(input.missing)", "false"},
                 {"has(input.note)", "true"},
                 {"has(input.note.x)", "false"},
                 {"has(input.customer.name)", "true"},
                 {"has(input.customer['e-mail'])", "true"},
                 {"has(input.missing.x)", "!there is no 'missing'"},
                 {"has(input.tier.x)", "!string has no 'x'"},
                 {"has(input.?missing.x)", "false"},
                 {"has(input.?customer.name)", "true"},
                 {"has({'a': 1}.a) && !has({}.a)", "true"},
                 {"has(input.items[0].sku)", "true"},
                 {"has(input)", "EXPR_FUNCTION"},
                 {"has(input.items[0])", "EXPR_FUNCTION"},
                 {"has(input.?tier)", "EXPR_FUNCTION"},
                 {"has(1)", "EXPR_FUNCTION"},
                 {"has()", "EXPR_FUNCTION"}});
}

TEST_CASE("an optional is there or not, and everything read from it is one too") {
  check_all({}, {{"input.?tier.orValue('none')", "\"gold\""},
                 {"input.?missing.orValue('none')", "\"none\""},
                 {"input.?note.orValue('none')", "null"},
                 {"input[?'tier'].orValue('none')", "\"gold\""},
                 {"input.tags[?5].orValue('none') + input.tags[?0].orValue('none')", "\"nonea\""},
                 {"input.?missing.a.b[3].?c.orValue(1)", "1"},
                 {"input.?customer.name.orValue('none')", "\"Ada\""},
                 {"input.?customer.missing.orValue('none')", "\"none\""},
                 {"input.?note.x.orValue('none')", "!there is no 'x' in null"},
                 {"input.?note.?x.orValue('none')", "\"none\""},
                 {"input.?tier.x.orValue('none')", "!string has no 'x'"},
                 {"input.?items[0].sku.orValue('none')", "\"s1\""},
                 {"{}.?a.hasValue() || [][?0].hasValue()", "false"},
                 {"{'a': null}.?a.hasValue()", "true"},
                 {"input.?tier.value()", "\"gold\""},
                 {"input.?missing.value()", "!the optional is empty"},
                 {"input.?tier.orValue(1 / 0)", "\"gold\""},
                 {"input.?missing.orValue(1 / 0)", "!division by zero"}});
}

TEST_CASE("an optional is no value") {
  check_all({}, {{"input.?tier", "EXPR_TYPE"},
                 {"input.?amount + 1", "EXPR_TYPE"},
                 {"input.tier.orValue(1)", "!string is no optional"},
                 {"'a'.orValue('b')", "EXPR_TYPE"},
                 {"input.?tier.orValue()", "EXPR_FUNCTION"},
                 {"orValue(input.?tier, 1)", "EXPR_FUNCTION"},
                 {"[input.?tier]", "!an optional (end it with .orValue(…)) has no JSON form"}});
}

TEST_CASE("coalesce() takes the first that is there and not null") {
  check_all({}, {{"coalesce(input.missing, input.note, input.tier)", "\"gold\""},
                 {"coalesce(input.tier, 1 / 0)", "\"gold\""},
                 {"coalesce(input.note, null)", "null"},
                 {"coalesce(input.missing, input.missing)", "!there is no 'missing'"},
                 {"coalesce(input.missing.x.y, 'z')", "\"z\""},
                 {"coalesce(input.tags[7], 'z')", "\"z\""},
                 {"coalesce(input.missing + 1, 5)", "5"},
                 {"coalesce(size(input.note), 0)", "0"},
                 {"coalesce(input.?missing, input.?tier)", "\"gold\""},
                 {"coalesce(input.?missing, input.?other)", "!is not there"},
                 {"coalesce(false, true)", "false"},
                 {"coalesce(1 / 0, 5)", "!division by zero"},
                 {"coalesce(input.tier.x, 5)", "!string has no 'x'"},
                 {"coalesce(1)", "EXPR_FUNCTION"}});
}

}  // namespace

}  // namespace skald::test
