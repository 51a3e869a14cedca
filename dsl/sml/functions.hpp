#pragma once

#include <exception>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "dsl/sml/arguments.hpp"
#include "dsl/sml/table.hpp"

/// C++ functions as values of a saga and as participants.
namespace skald::sml {

/// `guard` as one that needs nothing but the saga and the event.
[[nodiscard]] Guard guard_of_saga(const GuardSpec& guard);

/// A value made by a pure function of `const SagaView&`, or of that and `const EventView&`; what it
/// gives becomes JSON.
template <class F>
Value value_of(F make) {
  constexpr bool of_both = std::is_invocable_v<const F&, const SagaView&, const EventView&>;
  constexpr bool of_saga = std::is_invocable_v<const F&, const SagaView&>;
  static_assert(of_both || of_saga,
                "skald: a value is made by a function of (const SagaView&), or of (const "
                "SagaView&, const EventView&)");
  if constexpr (of_both)
    return {[make = std::move(make)](const SagaView& saga, const EventView& event) {
              return to_json_value(make(saga, event));
            },
            Json()};
  else if constexpr (of_saga)
    return {[make = std::move(make)](const SagaView& saga, const EventView&) {
              return to_json_value(make(saga));
            },
            Json()};
  else
    return {};
}

/// `value` as one segment of a path, percent-encoded (RFC 3986 §2.1), so that no value can change
/// the shape of the path: `"/products/" + segment(sku)`. Throws std::invalid_argument for an empty
/// one, "." and "..", which would name another resource.
[[nodiscard]] std::string segment(std::string_view value);

/// What a C++ participant gives when it refuses: nothing took effect.
struct refused {
  std::string code;  ///< the business reason; tables may branch on it
  std::string message{};
};
/// What a C++ participant gives that may refuse.
template <class Out>
using answer = std::variant<Out, refused>;

/// The body did not fit the function's input; asking again would not help.
[[nodiscard]] Outcome not_understood(const std::exception& why);

template <class Out>
Outcome outcome_of(const Out& out) {
  if constexpr (std::is_convertible_v<Out, Outcome>)
    return out;
  else if constexpr (std::is_same_v<Out, refused>)
    return Failed{out.code, out.message, false, {}};
  else if constexpr (requires { std::get_if<refused>(&out); })
    return std::visit([](const auto& each) { return outcome_of(each); }, out);
  else
    return Done{Json(to_json_value(out)), {}};
}

/// Calls `function` and makes an Outcome of what it gives, also when that is nothing.
template <class F, class... Args>
Outcome outcome_of_call(const F& function, const Args&... arguments) {
  if constexpr (std::is_void_v<std::invoke_result_t<const F&, const Args&...>>)
    return function(arguments...), Done{};
  else
    return outcome_of(function(arguments...));
}

/// Reads the body before it calls `function`.
template <class In, class F>
std::function<Outcome(const Invocation&)> typed_function(F function) {
  constexpr bool readable = FromJson<In> || Memberless<In>;
  static_assert(readable,
                "skald: the input of a run(...) function needs from_json, and its file "
                "<nlohmann/json.hpp>");
  return [function = std::move(function)](const Invocation& invocation) -> Outcome {
    std::optional<In> in;
    try {
      in.emplace(from_json_value<In>(invocation.body.value()));
    } catch (const std::exception& why) {
      return not_understood(why);
    }
    if constexpr (std::is_invocable_v<const F&, const In&, const Invocation&>)
      return outcome_of_call(function, *in, invocation);
    else
      return outcome_of_call(function, *in);
  };
}

/// The In of `(const In&)` or `(const In&, const Invocation&)`; void for anything else.
template <class F>
void input_of(Parameters<F>, ...);
template <class F, class P>
std::remove_cvref_t<P> input_of(Parameters<F>, Parameters<P>);
template <class F, class P, class I>
requires std::is_same_v<std::remove_cvref_t<I>, Invocation> std::remove_cvref_t<P> input_of(
    Parameters<F>, Parameters<P, I>);
template <class Signature>
struct input_in {
  using type = decltype(input_of(Parameters<void>{}, typename Signature::arguments{}));
};
template <>
struct input_in<void> {
  using type = void;
};

/// Empty when `function` is (e.g. an empty std::function).
template <class F>
std::function<Outcome(const Invocation&)> function_of(F function) {
  using In = typename input_in<signature_for<F, no_event>>::type;
  constexpr bool fits = !std::is_void_v<In>;
  static_assert(fits,
                "skald: run(...) takes a function of (const Invocation&), (const In&) or (const "
                "In&, const Invocation&), and no template");
  if constexpr (!fits) {
    return {};
  } else {
    if constexpr (requires { static_cast<bool>(function); } && !FunctionObject<F>)
      if (!static_cast<bool>(function)) return {};
    if constexpr (std::is_same_v<In, Invocation>)
      return [function = std::move(function)](const Invocation& invocation) {
        return outcome_of_call(function, invocation);
      };
    else
      return typed_function<In>(std::move(function));
  }
}

}  // namespace skald::sml
