#include "http/server/message.hpp"

#include "http/server/field_syntax.hpp"

namespace skald::http {

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [field_name, value] : fields) {
    if (same_ignoring_case(field_name, name)) return value;
  }
  return std::nullopt;
}

}  // namespace skald::http
