#include "dsl/sml/functions.hpp"

#include <stdexcept>

#include "engine/model/path.hpp"

namespace skald::sml {

Guard guard_of_saga(const GuardSpec& guard) {
  return {guard.name,
          [holds = guard.holds](const SagaView& saga, const EventView& event) {
            static const Surroundings nothing;
            return holds({saga, event, nullptr, nothing});
          },
          false};
}

std::string segment(std::string_view value) {
  auto made = path_segment(value);
  if (!made) throw std::invalid_argument("'" + std::string(value) + "' is no part of a path");
  return *std::move(made);
}

Outcome not_understood(const std::exception& why) {
  return Failed{"", std::string("The body does not fit: ") + why.what(), true, {}};
}

}  // namespace skald::sml
