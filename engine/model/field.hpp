#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skald {

/// What one field of an input must be, as C++ tables declare it.
struct Field {
  enum class Type { text, integer, number, boolean, object, array };
  std::string name;
  Type type = Type::text;
  bool required = true;
  std::optional<std::int64_t> minimum;  ///< of an integer or number; length of text or array
  std::vector<Field> fields;            ///< of an object, or of each element of an array of objects
};

}  // namespace skald
