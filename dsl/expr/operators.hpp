#pragma once

#include "dsl/expr/functions.hpp"
#include "dsl/expr/program.hpp"

namespace skald::expr {

/// What add, subtract, multiply, divide and remainder give for two kinds; `failure`: there is no
/// such operation. Kinds may be dyn or number; then so may the result.
[[nodiscard]] Kind arithmetic_result(Op op, Kind a, Kind b);
[[nodiscard]] Datum arithmetic(const Call& call, Op op, const Datum& a, const Datum& b);
[[nodiscard]] Datum negated(const Call& call, const Datum& value);

/// Whether two kinds have an order between them.
[[nodiscard]] bool are_ordered(Kind a, Kind b);
/// less, less_equal, greater or greater_equal.
[[nodiscard]] Datum ordered(const Call& call, Op op, const Datum& a, const Datum& b);

/// Whether == between two kinds means something. It does not where one of them is a decimal,
/// timestamp or duration, which JSON does not have, and the other is how JSON would write it.
[[nodiscard]] bool are_comparable(Kind a, Kind b);
/// Whether both are equal; a failure when that means nothing.
[[nodiscard]] Datum equality(const Call& call, const Datum& a, const Datum& b);
/// Whether `value` is an item of a list, or a key of a map.
[[nodiscard]] Datum contained(const Call& call, const Datum& value, const Datum& in);

/// "==", "+", … as written, of equal … remainder.
[[nodiscard]] std::string_view sign_of(Op op);

}  // namespace skald::expr
