#include <doctest/doctest.h>

#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("all and exists are and, or over the items") {
  check_all({}, {{"[1, 2, 3].all(e, e > 0)", "true"},
                 {"[1, 2, 3].all(e, e == 2)", "false"},
                 {"[].all(e, e > 0)", "true"},
                 {"[1, 2, 3].exists(e, e == 2)", "true"},
                 {"[1, 2, 3].exists(e, e > 3)", "false"},
                 {"[].exists(e, e == 2)", "false"},
                 {"[1, 2, 3].all(e, 6 / (2 - e) == 6)", "false"},
                 {"[1, 2, 3].all(e, e / 0 != 17)", "!division by zero"},
                 {"[1, 2, 3].exists(e, e / 0 == 17)", "!division by zero"},
                 {"[0, 1].exists(e, 1 / e == 1)", "true"},
                 {"input.items.exists(i, i.missing == 1 || i.sku == 's2')", "true"},
                 {"['a'].all(e, e)", "EXPR_TYPE"},
                 {"input.tags.all(e, e)", "!the condition is string, not bool"}});
}

TEST_CASE("exists_one counts, and an error is an error") {
  check_all({}, {{"[7].exists_one(a, a == 7)", "true"},
                 {"[8].exists_one(a, a == 7)", "false"},
                 {"[6, 7, 8].exists_one(foo, foo % 5 == 2)", "true"},
                 {"[0, 1, 2, 3].exists_one(n, n % 2 == 1)", "false"},
                 {"[3, 2, 1, 0].exists_one(n, 12 / n > 1)", "!division by zero"},
                 {"input.tags.exists_one(e, e)", "!the condition is string, not bool"}});
}

TEST_CASE("map and filter make lists") {
  check_all({}, {{"[].map(n, n / 2)", "[]"},
                 {"[2, 4].map(n, n / 2)", "[1,2]"},
                 {"[2, 1, 0].map(n, 4 / n)", "!division by zero"},
                 {"[1, 2, 3].map(n, n > 1, n * n)", "[4,9]"},
                 {"[0, 1, 2].map(n, n > 0, 2 / n)", "[2,1]"},
                 {"[0, 1, 2, 3].filter(x, x % 2 == 1)", "[1,3]"},
                 {"[1].filter(n, n > 3)", "[]"},
                 {"[3, 0].filter(n, 12 / n > 4)", "!division by zero"},
                 {"input.items.filter(i, i.quantity > 1).map(i, i.sku)", R"(["s1"])"},
                 {"input.items.map(i, {'id': i.sku})", R"([{"id":"s1"},{"id":"s2"}])"},
                 {"sum(input.items.map(i, decimal(i.price) * i.quantity))", "\"19.99\""},
                 {"input.tags.filter(e, e)", "!the condition is string, not bool"}});
}

TEST_CASE("over a map the variable is the key") {
  check_all({}, {{"{'k1': 1, 'k2': 2}.exists(k, k == 'k2')", "true"},
                 {"{'k1': 1, 'k2': 2}.all(k, k.startsWith('k'))", "true"},
                 {"{'a': 1}.map(key, key)", R"(["a"])"},
                 {"input.customer.filter(k, input.customer[k] == 'Ada')", R"(["name"])"},
                 {"{}.map(k, k)", "[]"},
                 {"{'a': 1}.all(k, k > 1)", "EXPR_TYPE"}});
}

TEST_CASE("macros nest, and an inner variable hides an outer one") {
  check_all({}, {{"[1, 2].map(x, [10, 20].map(y, x * y))", "[[10,20],[20,40]]"},
                 {"[1].map(x, [2].map(x, x)[0] + x)", "[3]"},
                 {"[1].map(input, input + 1)", "[2]"},
                 {"[{'a': {'output': 7}}].map(steps, steps.a.output)", "[7]"},
                 {"[1].map(x, x)[0] + [2].map(x, x)[0]", "3"},
                 {"['a'].filter(a, ['b'].all(b, true))", R"(["a"])"},
                 {"[1].all(x, true) && x == 1", "EXPR_UNKNOWN_REFERENCE"},
                 {"[[1, 2], [3]].map(l, l.map(x, x + size(l)))", "[[3,4],[4]]"}});
}

TEST_CASE("macros are called with a variable, over what has items") {
  check_all({}, {{"[1].all(1, true)", "EXPR_FUNCTION"},
                 {"[1].all(x.y, true)", "EXPR_FUNCTION"},
                 {"[1].all(x)", "EXPR_FUNCTION"},
                 {"[1].filter(x, true, x)", "EXPR_FUNCTION"},
                 {"all([1], true)", "EXPR_FUNCTION"},
                 {"1.all(x, true)", "EXPR_TYPE"},
                 {"'abc'.map(x, x)", "EXPR_TYPE"},
                 {"input.amount.map(x, x)", "!goes over a list or map, not over int"},
                 {"input.note.all(x, true)", "!goes over a list or map, not over null"}});
}

}  // namespace

}  // namespace skald::test
