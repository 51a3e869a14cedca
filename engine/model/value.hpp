#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/model/error.hpp"
#include "engine/model/json.hpp"
#include "engine/model/view.hpp"

namespace skald {

/// A JSON value that is computed from a saga: a request body, a business key, a timer's instant.
struct Value {
  /// Must be a pure function of its arguments. May throw std::exception when what it reads is not
  /// there; the text says what.
  using Make = std::function<nlohmann::json(const SagaView&, const EventView&)>;
  Make make;
  Json source;  ///< the template as a document writes it; null when it is a C++ function

  explicit operator bool() const { return static_cast<bool>(make); }
};

/// A named condition. Must be a pure function of its arguments; may throw like a Value.
struct Guard {
  std::string name;  ///< the expression as written, or the name of a C++ function
  std::function<bool(const SagaView&, const EventView&)> holds;
  bool expression = false;  ///< `name` is an expression of a document
};

/// What a JSON value must be.
struct Schema {
  Json source;  ///< a JSON Schema; null: anything
  /// Everything about the value that does not fit, each with its JSON Pointer below `base`.
  std::function<std::vector<Finding>(const nlohmann::json& value, const std::string& base)> check;
};

}  // namespace skald
