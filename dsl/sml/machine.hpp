#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "dsl/sml/table.hpp"

namespace skald::sml {

/// A table run by itself, in memory: the same machine that runs sagas, without steps, storage and
/// time. Users have sm<T>, which knows the types.
///
/// Not for more than one thread at a time.
class Machine {
 public:
  /// Enters the initial states. Throws std::logic_error when the table is wrong, with every
  /// finding by its row, and whatever a guard or action throws.
  Machine(const Table& table, std::shared_ptr<Surroundings> around);
  Machine(Machine&&) noexcept;
  Machine& operator=(Machine&&) noexcept;
  ~Machine();

  /// Raises the event that stands for `type`. Whether a transition expected it, and every event
  /// that was raised because of it. When a guard or action throws, nothing has happened here, and
  /// the exception goes on to the caller.
  bool process(TypeTag type, std::shared_ptr<const void> object);

  /// Whether one of the regions is in `state`: the regions of the table, or those of the composite
  /// state `of`, as it is or as it was left.
  [[nodiscard]] bool is(const StateSpec& state, TypeTag of) const;
  /// Whether each region is in the state of its place.
  [[nodiscard]] bool is(const std::vector<StateSpec>& states, TypeTag of) const;
  /// The states of the regions, in order.
  [[nodiscard]] std::vector<StateSpec> current(TypeTag of) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace skald::sml
