#include "dsl/sml/functions.hpp"

#include <stdexcept>

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
  static constexpr char hex[] = "0123456789ABCDEF";
  if (value.empty() || value == "." || value == "..")
    throw std::invalid_argument("'" + std::string(value) + "' is no part of a path");
  std::string out;
  for (const char c : value) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return out;
}

Outcome not_understood(const std::exception& why) {
  return Failed{"", std::string("The body does not fit: ") + why.what(), true, {}};
}

}  // namespace skald::sml
