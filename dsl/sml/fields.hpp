#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/model/field.hpp"

namespace skald::sml {

/// Fields of an input, e.g. `text("source")`, `integer("amount").at_least(1)`.
struct field : Field {
  field(std::string field_name, Type field_type) {
    name = std::move(field_name);
    type = field_type;
  }
  /// Smallest value, shortest text in bytes, or fewest elements.
  field at_least(std::int64_t least) && {
    minimum = least;
    return std::move(*this);
  }
  field optional() && {
    required = false;
    return std::move(*this);
  }
};
inline field text(std::string name) { return {std::move(name), Field::Type::text}; }
inline field integer(std::string name) { return {std::move(name), Field::Type::integer}; }
inline field number(std::string name) { return {std::move(name), Field::Type::number}; }
inline field boolean(std::string name) { return {std::move(name), Field::Type::boolean}; }

/// An object with these fields.
template <class... Fields>
field object(std::string name, Fields... fields) {
  field made{std::move(name), Field::Type::object};
  (made.fields.push_back(std::move(fields)), ...);
  return made;
}

/// A list of objects with these fields.
template <class... Fields>
field list_of(std::string name, Fields... fields) {
  field list{std::move(name), Field::Type::array};
  (list.fields.push_back(std::move(fields)), ...);
  return list;
}

/// All fields of an input, in order.
template <class... Fields>
std::vector<Field> fields(Fields... each) {
  return {std::move(each)...};
}

}  // namespace skald::sml
