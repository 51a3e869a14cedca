#include "dsl/expr/environment.hpp"

#include <array>

namespace skald::expr {

std::string_view name_of(Root root) {
  static constexpr std::array<std::string_view, 10> names{
      "input", "data", "steps", "event",        "error",
      "saga",  "item", "index", "participants", "secrets"};
  return names[static_cast<std::size_t>(root)];
}

void References::insert(const References& other) {
  for (unsigned root = 0; root <= static_cast<unsigned>(Root::secrets); ++root)
    if (other.roots.contains(static_cast<Root>(root))) roots.insert(static_cast<Root>(root));
  steps.insert(other.steps.begin(), other.steps.end());
  participants.insert(other.participants.begin(), other.participants.end());
  secrets.insert(other.secrets.begin(), other.secrets.end());
}

}  // namespace skald::expr
