#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "dsl/expr/kind.hpp"

namespace skald::expr {

/// What is known of a value before it is there.
struct Type {
  Kind kind = Kind::dyn;
  std::shared_ptr<const Type>
      element{};  ///< of a list's items, a map's values, an optional's value
  const nlohmann::json* schema = nullptr;    ///< where it is declared
  const nlohmann::json* document = nullptr;  ///< the schema that `schema` lies in, for $ref

  /// Whether it may turn out to be of `wanted`.
  [[nodiscard]] bool may_be(Kind wanted) const;
  /// Whether it surely is a number: integer, real or number.
  [[nodiscard]] bool is_number() const;
};

[[nodiscard]] Type list_of(Type element);
[[nodiscard]] Type optional_of(Type value);
[[nodiscard]] Type element_of(const Type& type);

/// The type that is both, or dyn.
[[nodiscard]] Type common(const Type& a, const Type& b);

/// The type that `schema` declares, a part of `document`. Null: dyn.
[[nodiscard]] Type type_of_schema(const nlohmann::json* schema, const nlohmann::json* document);

/// What a schema says of one key of an object.
struct Property {
  enum class Presence {
    surely,
    maybe,
    unknown,  ///< the schema does not say
    never     ///< other keys are declared, this one is not
  };
  Presence presence = Presence::unknown;
  Type type{};
};
[[nodiscard]] Property property_of(const Type& object, std::string_view name);

/// The keys that the schema of `object` declares; they live as long as the schema.
[[nodiscard]] std::vector<std::string_view> keys_of(const Type& object);

/// The texts that the schema allows, when it names them; empty: it does not.
[[nodiscard]] std::vector<std::string_view> values_of(const Type& text);

}  // namespace skald::expr
