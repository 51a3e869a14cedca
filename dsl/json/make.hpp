#pragma once

#include <initializer_list>
#include <string>

#include "dsl/json/node.hpp"

/// Making parts of a document that stand where something else was written.
namespace skald::document {

[[nodiscard]] inline Node text(const Place* place, std::string value) {
  return {place, std::move(value)};
}
[[nodiscard]] inline Node list(const Place* place, Node::List elements) {
  return {place, std::move(elements)};
}
[[nodiscard]] inline Node object(const Place* place, Node::Object members) {
  return {place, std::move(members)};
}
[[nodiscard]] inline Node texts(const Place* place, const std::vector<std::string>& values) {
  Node::List elements;
  for (const auto& value : values) elements.push_back(text(place, value));
  return list(place, std::move(elements));
}

}  // namespace skald::document
