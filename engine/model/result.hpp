#pragma once

#include <utility>
#include <variant>

#include "engine/model/error.hpp"
#include "engine/model/invariant.hpp"

namespace skald {

/// Either a value or the Error that explains why there is none. Used at every module border.
///
/// Reading the side that is not there breaks an invariant and ends the process: check first.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return require_value(), *std::get_if<0>(&held_); }
  [[nodiscard]] const T& value() const& { return require_value(), *std::get_if<0>(&held_); }
  [[nodiscard]] T&& value() && { return require_value(), std::move(*std::get_if<0>(&held_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const {
    invariant(!ok(), "error() of a Result that holds a value");
    return *std::get_if<1>(&held_);
  }

 private:
  void require_value() const { invariant(ok(), "value() of a Result that holds an error"); }
  std::variant<T, Error> held_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return error_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const {
    invariant(!ok(), "error() of a Result that holds success");
    return *std::get_if<1>(&error_);
  }

 private:
  std::variant<std::monostate, Error> error_;
};

}  // namespace skald
