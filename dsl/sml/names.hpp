#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace skald::sml {

/// The name of T without its namespaces, as written in the source: the stable name of an event type
/// or state in stored sagas, so renaming the type needs a new definition version.
template <class T>
[[nodiscard]] consteval std::string_view type_name() {
  // g++: "... type_name() [with T = ns::debited; ...]"; clang: "... type_name() [T = ns::debited]".
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, std::min(text.find("; std::"), text.size() - 1));
  // The last "::" that is not inside the brackets of a template, a function or a namespace.
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<' || c == '(' || c == '{') ++depth;
    if (c == '>' || c == ')' || c == '}') --depth;
    if (c == ':' && depth == 0) begin = i + 1;
  }
  return text.substr(begin);
}

/// The same with a zero behind it, for c_str().
template <class T>
inline constexpr auto stored_type_name = [] {
  constexpr std::string_view name = type_name<T>();
  std::array<char, name.size() + 1> stored{};
  std::copy(name.begin(), name.end(), stored.begin());
  return stored;
}();

/// Tells types apart at run time, also those of the same name: every type has a place of its own.
using TypeTag = const void*;
template <class T>
inline constexpr char tag_place = 0;
template <class T>
[[nodiscard]] constexpr TypeTag tag_of() {
  return &tag_place<T>;
}

/// A text as template argument, for `"paid"_e`.
template <std::size_t N>
struct Text {
  std::array<char, N> characters{};
  constexpr Text(const char (&text)[N]) {  // NOLINT: made of a literal
    std::copy_n(text, N, characters.begin());
  }
};

/// The type of the event that `"paid"_e` names.
template <Text name>
struct named_event {
  static constexpr std::string_view event_name{name.characters.data(), name.characters.size() - 1};
};

/// The name under which events of type E are known.
template <class E>
[[nodiscard]] constexpr std::string_view event_name() {
  if constexpr (requires { E::event_name; })
    return E::event_name;
  else
    return type_name<E>();
}

}  // namespace skald::sml
