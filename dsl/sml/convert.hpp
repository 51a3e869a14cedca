#pragma once

#include <concepts>
#include <nlohmann/json_fwd.hpp>
#include <type_traits>
#include <utility>

/// Between C++ types and JSON, by nlohmann's to_json and from_json. What is here is used where
/// <nlohmann/json.hpp> has been included; so the type is a parameter, known only then.
namespace skald::sml {

/// A struct without members needs no JSON.
template <class T>
concept Memberless = std::is_empty_v<T> && std::default_initializable<T>;

template <class T, class Json = nlohmann::json>
concept FromJson = requires(const Json& json) {
  { json.template get<T>() } -> std::same_as<T>;
};

template <class T, class Json = nlohmann::json>
concept ToJson = requires(const T& value) {
  Json(value);
};

/// Throws std::exception when the value does not fit.
template <class T, class Json = nlohmann::json>
T from_json_value(const Json& json) {
  if constexpr (std::same_as<T, Json>)
    return json;
  else if constexpr (FromJson<T>)
    return json.template get<T>();
  else
    return T{};
}

template <class T, class Json = nlohmann::json>
Json to_json_value(const T& value) {
  if constexpr (std::same_as<T, Json>)
    return value;
  else if constexpr (ToJson<T>)
    return Json(value);
  else
    return Json();
}

}  // namespace skald::sml
