#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "dsl/expr/kind.hpp"

namespace skald::expr {

/// Where the values of an expression come from: the names it can begin with.
enum class Root : std::uint8_t {
  input,
  data,
  steps,
  event,
  error,
  saga,
  item,
  index,
  participants,
  secrets,
};
[[nodiscard]] std::string_view name_of(Root root);

/// A set of roots.
class Roots {
 public:
  constexpr Roots() = default;
  constexpr Roots(std::initializer_list<Root> roots) {
    for (const auto root : roots) insert(root);
  }
  constexpr void insert(Root root) { bits_ |= bit(root); }
  [[nodiscard]] constexpr bool contains(Root root) const { return (bits_ & bit(root)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(const Roots&, const Roots&) = default;

 private:
  static constexpr std::uint32_t bit(Root root) { return 1U << static_cast<unsigned>(root); }
  std::uint32_t bits_ = 0;
};

/// Whether a step is done where an expression stands.
enum class StepAvailability : std::uint8_t {
  surely_done,
  maybe_done,  ///< on some ways there, or it is only possibly executed: reads need a guard
  not_yet,     ///< on no way: a read is always wrong
};

/// Whether `error` is there where an expression stands. What it always has are code and message.
enum class ErrorAvailability : std::uint8_t {
  surely_set,
  maybe_set,  ///< nothing need have failed: reads of its members need a guard
  unchecked,  ///< every read is taken
};

/// A step that expressions may name.
struct KnownStep {
  StepAvailability availability = StepAvailability::surely_done;
  const nlohmann::json* output = nullptr;  ///< its JSON Schema; null: not declared
  bool for_each = false;                   ///< the output is a list of `output`
};

/// What an expression may use at its place. Read only while compiling; the schemas must live as
/// long. A schema that is not declared (null) means: known when it is evaluated.
///
/// Schemas are a subset of draft 7: type, properties, required, additionalProperties, items, enum,
/// const and local $ref tell a type; anything else leaves it open.
struct Environment {
  Roots roots{Root::input, Root::data, Root::steps, Root::error, Root::saga};
  const nlohmann::json* input = nullptr;
  const nlohmann::json* data = nullptr;
  const nlohmann::json* event = nullptr;  ///< payload of the event at hand
  const nlohmann::json* item = nullptr;
  ErrorAvailability error = ErrorAvailability::surely_set;
  std::map<std::string, KnownStep, std::less<>> steps;
  std::vector<std::string> participants;  ///< configured names; empty: not known here
  Kind result = Kind::dyn;                ///< what the expression must give; dyn: anything
};

/// What an expression reads.
struct References {
  Roots roots;
  std::set<std::string, std::less<>> steps;  ///< their outputs, and whether they ran
  std::set<std::string, std::less<>> participants;
  std::set<std::string, std::less<>> secrets;

  void insert(const References& other);
};

}  // namespace skald::expr
