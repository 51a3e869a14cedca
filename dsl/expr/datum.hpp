#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "dsl/expr/decimal.hpp"
#include "dsl/expr/instant.hpp"
#include "dsl/expr/kind.hpp"

namespace skald::expr {

/// Why an evaluation has no value.
struct Failure {
  std::uint32_t offset = 0;  ///< byte of the expression
  bool absent = false;       ///< because something is not there: coalesce() goes on
  std::string_view message;
};

/// A value while an expression is evaluated. Owns nothing: text, items and entries lie in the
/// saga's JSON, in the compiled expression or in the evaluation's Scratch, and are read where they
/// are.
struct Datum {  // NOLINT(cppcoreguidelines-pro-type-member-init): one of a union is enough
  Kind kind = Kind::null;
  std::uint8_t scale = 0;  ///< of a decimal
  bool from_json = false;  ///< of a list or map: it is `json`, else it is `items`
  std::uint32_t size = 0;  ///< bytes of a text, items of a list, entries of a map, 0 or 1 of an
                           ///< optional
  union {
    Int128 units = 0;            ///< of a decimal
    bool truth;                  ///< of a boolean
    std::int64_t integer;        ///< of an integer; milliseconds of a timestamp or duration
    double real;                 ///< of a real
    const char* characters;      ///< of a text
    const nlohmann::json* json;  ///< of a list or map from JSON, and of what is oversized
    const Datum* items;          ///< of a list or optional; of a map: key, value, key, value, …
    const Failure* failure;
  };

  [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
  [[nodiscard]] std::string_view text() const { return {characters, size}; }
  [[nodiscard]] Decimal decimal() const { return {units, scale}; }
  [[nodiscard]] Timestamp timestamp() const { return Timestamp{Duration{integer}}; }
  [[nodiscard]] Duration duration() const { return Duration{integer}; }
};

[[nodiscard]] Datum of_boolean(bool value);
[[nodiscard]] Datum of_integer(std::int64_t value);
[[nodiscard]] Datum of_real(double value);
[[nodiscard]] Datum of_decimal(const Decimal& value);
[[nodiscard]] Datum of_text(std::string_view value);  ///< `value` must outlive the Datum
[[nodiscard]] Datum of_timestamp(Timestamp value);
[[nodiscard]] Datum of_duration(Duration value);

/// `value` must outlive the Datum.
[[nodiscard]] Datum of_json(const nlohmann::json& value);

/// Item `index` of a list or optional; the index must be below its size.
[[nodiscard]] Datum item_of(const Datum& list, std::size_t index);

/// The value of `key` in a map, if it is there.
[[nodiscard]] std::optional<Datum> entry_of(const Datum& map, std::string_view key);

/// Calls `visit(key, value)` for the entries of a map in order, until it gives false; whether it
/// never did.
[[nodiscard]] bool for_each_entry(const Datum& map,
                                  const std::function<bool(std::string_view, const Datum&)>& visit);

/// Whether two oversized integers are the same.
[[nodiscard]] bool same_oversized(const Datum& a, const Datum& b);

}  // namespace skald::expr
