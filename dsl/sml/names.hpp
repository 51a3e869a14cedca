#pragma once

#include <string_view>

namespace skald::sml {

/// The name of T without its namespaces, as written in the source: the stable name of an event type
/// or composite state in stored sagas, so renaming the type needs a new definition version.
template <class T>
[[nodiscard]] consteval std::string_view type_name() {
  // g++: "… type_name() [with T = ns::debited; …]"; clang: "… type_name() [T = ns::debited]".
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  const auto colon = text.rfind(':');
  return colon == text.npos ? text : text.substr(colon + 1);
}

}  // namespace skald::sml
