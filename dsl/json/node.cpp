#include "dsl/json/node.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/model/json.hpp"

namespace skald::document {

using nlohmann::json;

std::string where(const Place& place, const Spot& spot) {
  std::vector<const Place*> path;
  for (const Place* at = &place; at->parent != nullptr; at = at->parent) path.push_back(at);
  std::string text = std::to_string(spot.line) + ":" + std::to_string(spot.column);
  if (!path.empty()) text += " ";
  std::for_each(path.rbegin(), path.rend(), [&](const Place* at) {
    text += "/" + (at->in_list ? std::to_string(at->index) : escape_pointer(at->name));
  });
  return text;
}

const Node* Node::find(std::string_view key) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(),
                                  [&](const Member& member) { return member.key == key; });
  return found == members->end() ? nullptr : &found->value;
}

std::string_view Node::kind() const {
  static constexpr std::string_view names[] = {
      "null", "true or false", "a number", "a number", "a number", "text", "a list", "an object"};
  return names[value.index()];
}

namespace {

json converted(const Node::List& list) {
  json made = json::array();
  for (const auto& node : list) made.push_back(to_json(node));
  return made;
}

json converted(const Node::Object& object) {
  json made = json::object();
  for (const auto& member : object) made.emplace(member.key, to_json(member.value));
  return made;
}

template <class Scalar>
json converted(const Scalar& scalar) {
  return scalar;
}

std::string unescaped(std::string_view token) {
  std::string name;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~' || i + 1 == token.size())
      name += token[i];
    else
      name += token[++i] == '1' ? '/' : '~';
  }
  return name;
}

}  // namespace

json to_json(const Node& node) {
  return std::visit([](const auto& value) { return converted(value); }, node.value);
}

Node from_json(const json& value, const Place* place) {
  Node node{place, nullptr};
  if (value.is_object()) {
    Node::Object object;
    for (const auto& [key, member] : value.items())
      object.push_back({key, from_json(member, place)});
    node.value = std::move(object);
  } else if (value.is_array()) {
    Node::List list;
    for (const auto& element : value) list.push_back(from_json(element, place));
    node.value = std::move(list);
  } else if (value.is_boolean()) {
    node.value = value.get<bool>();
  } else if (value.is_string()) {
    node.value = value.get<std::string>();
  } else if (value.is_number_float()) {
    node.value = value.get<double>();
  } else if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX}) {
    node.value = value.get<std::uint64_t>();
  } else if (value.is_number()) {
    node.value = value.get<std::int64_t>();
  }
  return node;
}

const Node& below(const Node& node, std::string_view pointer) {
  const Node* at = &node;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto token = unescaped(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(std::min(pointer.find('/'), pointer.size()));
    const Node* next = at->find(token);
    if (const auto* list = at->list()) {
      const auto index = static_cast<std::size_t>(std::strtoul(token.c_str(), nullptr, 10));
      next = index < list->size() ? &(*list)[index] : nullptr;
    }
    if (next == nullptr) return *at;
    at = next;
  }
  return *at;
}

}  // namespace skald::document
