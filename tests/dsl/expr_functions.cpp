#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("sizes count characters, items and entries") {
  check_all({}, {{"size('')", "0"},
                 {"size('πέντε')", "5"},
                 {"'\\U0001F600é'.size()", "2"},
                 {"size([1, 2])", "2"},
                 {"input.items.size() + size(input.customer) + size({})", "4"},
                 {"size(1)", "EXPR_TYPE"},
                 {"size(input.amount)", "!size() does not take (int)"},
                 {"size()", "EXPR_FUNCTION"},
                 {"size('a', 'b')", "EXPR_FUNCTION"}});
}

TEST_CASE("text is searched") {
  check_all({}, {{"'foobar'.startsWith('foo') && !'foobar'.startsWith('bar')", "true"},
                 {"'foobar'.endsWith('bar') && !'foobar'.endsWith('foo')", "true"},
                 {"'a'.startsWith('') && ''.endsWith('')", "true"},
                 {"'foobar'.contains('oba') && !'foobar'.contains('obb')", "true"},
                 {"'forté'.contains('é')", "true"},
                 {"input.amount.contains('a')", "!contains() does not take (int, string)"},
                 {"contains('a', 'b')", "EXPR_FUNCTION"}});
}

TEST_CASE("text is cut and put together") {
  check_all({}, {{"'TacoCÆt'.lowerAscii() + 'tacocæt'.upperAscii()", "\"tacocÆtTACOCæT\""},
                 {"'\\u2003 a b\\t\\u00a0'.trim()", "\"a b\""},
                 {"' \\n'.trim() + ''.trim()", "\"\""},
                 {"'tacocat'.substring(4)", "\"cat\""},
                 {"'tacocat'.substring(0, 4)", "\"taco\""},
                 {"'ta©o©αT'.substring(2, 6)", "\"©o©α\""},
                 {"'ta©o©αT'.substring(7)", "\"\""},
                 {"'abc'.substring(4)", "!the index is outside of the string"},
                 {"'abc'.substring(-1)", "!the index is outside of the string"},
                 {"'abc'.substring(2, 9)", "!the index is outside of the string"},
                 {"'abc'.substring(2, 1)", "!the substring would end before it begins"},
                 {"'a,b,,c'.split(',')", R"(["a","b","","c"])"},
                 {"'a,b,c'.split(',', 2)", R"(["a","b,c"])"},
                 {"'a,b'.split(',', 0)", "[]"},
                 {"'a,b'.split(',', -1)", R"(["a","b"])"},
                 {"'aé'.split('')", R"(["a","é"])"},
                 {"''.split(',')", R"([""])"},
                 {"['x', 'y'].join() + ['x', 'y'].join('-') + [].join('-')", "\"xyx-y\""},
                 {"['x', 1].join()", "!join() takes a list of strings, not of int"},
                 {"'{} days {}'.replace('{}', '2')", "\"2 days 2\""},
                 {"'aaa'.replace('a', 'bb', 2)", "\"bbbba\""},
                 {"'aaa'.replace('a', '', -1)", "\"\""},
                 {"'aé'.replace('', '-')", "\"-a-é-\""},
                 {"'abc'.replace('x', 'y')", "\"abc\""}});
}

TEST_CASE("regular expressions are those of RE2, and are written out") {
  check_all({}, {{"'hubba'.matches('ubb')", "true"},
                 {"matches('hubba', '^ubb')", "false"},
                 {R"(input.when.matches(r'^\d{4}-\d\d-\d\dT'))", "true"},
                 {"'mañana'.matches('a+ñ+a+')", "true"},
                 {"'a'.matches('')", "true"},
                 {"'abc'.matches('(')", "EXPR_REGEX"},
                 {R"('aa'.matches(r'(a)\1'))", "EXPR_REGEX"},
                 {"'a'.matches(input.tier)", "EXPR_REGEX"},
                 {"1.matches('a')", "EXPR_TYPE"},
                 {"input.amount.matches('a')", "!matches() does not take (int)"},
                 {"'a'.matches()", "EXPR_FUNCTION"}});
}

TEST_CASE("numbers are added up and compared") {
  check_all({}, {{"sum([1, 2, 3])", "6"},
                 {"sum([])", "0"},
                 {"sum([0.5, 0.25])", "0.75"},
                 {"sum([decimal('0.10'), 2])", "\"2.10\""},
                 {"sum([duration('1s'), duration('2s')])", "\"3s\""},
                 {"sum(input.numbers)", "6"},
                 {"sum([1, 0.5])", "!there is no int + double"},
                 {"sum([9223372036854775807, 1])", "!does not fit 64 bits"},
                 {"sum(input.tags)", "!sum() takes a list of numbers or durations, not of string"},
                 {"min([3, 1.5, 2])", "1.5"},
                 {"max(input.numbers) - min(input.numbers)", "2"},
                 {"min('b', 'a') + max(['x', 'y'])", "\"ay\""},
                 {"max(saga.now, timestamp('2000-01-01T00:00:00Z')) == saga.now", "true"},
                 {"min([])", "!min() of an empty list"},
                 {"max(input.empty)", "!max() of an empty list"},
                 {"min([[1]])", "!there is no list < list"},
                 {"min(1, 'a')", "EXPR_TYPE"},
                 {"max(input.tier, input.amount)",
                  "!there is no int > string: convert with string(), int(), decimal() or "
                  "timestamp()"}});
}

TEST_CASE("conversions are exact or an error") {
  check_all({}, {{"int('-987') + int(1.9) + int(-7.9) + int(5)", "-988"},
                 {"int('12a')", "!'12a' is no int"},
                 {"int('')", "!'' is no int"},
                 {"int(' 1')", "!' 1' is no int"},
                 {"int('9223372036854775808')", "!is no int"},
                 {"int(9223372036854775807.0)", "!the double does not fit an int"},
                 {"int(-9223372036854775808.0)", "!the double does not fit an int"},
                 {"int(0.0 / 0.0)", "!the double does not fit an int"},
                 {"int(1e99)", "!the double does not fit an int"},
                 {"int(true)", "EXPR_TYPE"},
                 {"double(9007199254740992)", "9.007199254740992e+15"},
                 {"double('-84.32e7')", "-843200000.0"},
                 {"double('.5')", "0.5"},
                 {"double('1.5 ')", "!'1.5 ' is no double"},
                 {"double('inf')", "!'inf' is no double"},
                 {"double('1e999')", "!'1e999' is no double"},
                 {"double(decimal('12.30'))", "12.3"},
                 {"string(123) + string(-1.5) + string(1.0) + string(false)", "\"123-1.51false\""},
                 {"string(1e100) + string('x')", "\"1e+100x\""},
                 {"string(null)", "EXPR_TYPE"},
                 {"string([1])", "EXPR_TYPE"},
                 {"string(input.note)", "!string() does not take (null)"},
                 {"bool('true') && bool('1') && bool('t') && bool('True') && bool(true)", "true"},
                 {"bool('FALSE') || bool('0') || bool('f') || bool('False')", "false"},
                 {"bool('TrUe')", "!'TrUe' is no bool"},
                 {"bool(1)", "EXPR_TYPE"}});
}

TEST_CASE("a function that is not there, or called otherwise, is found before it runs") {
  const ExprSaga saga;
  CHECK(saga.finding("'a'.startWith('b')") ==
        "EXPR_FUNCTION 4 there is no function 'startWith': did you mean 'startsWith'?");
  CHECK(saga.finding("siez([])") ==
        "EXPR_FUNCTION 0 there is no function 'siez': did you mean 'size'?");
  CHECK(saga.finding("input.tier.toLowerCase()") ==
        "EXPR_FUNCTION 11 there is no function 'toLowerCase'");
  CHECK(saga.finding("'a'.string()") ==
        "EXPR_FUNCTION 4 string() is not called like this: write string(value)");
  CHECK(saga.finding("startsWith('a', 'b')") ==
        "EXPR_FUNCTION 0 startsWith() is not called like this: write text.startsWith(part)");
  CHECK(saga.finding("size(true)") == "EXPR_TYPE 0 size() does not take (bool): write size(value)");
  CHECK(saga.codes("foo(bar, baz(1))") == "EXPR_FUNCTION EXPR_UNKNOWN_REFERENCE EXPR_FUNCTION");
}

}  // namespace

}  // namespace skald::test
