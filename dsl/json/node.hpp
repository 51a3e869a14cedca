#pragma once

#include <cstdint>
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skald::document {

/// Line and column in a text, both from 1. Columns count characters, not bytes.
struct Spot {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend auto operator<=>(const Spot&, const Spot&) = default;
};

/// Where a value of a document stands. Its JSON Pointer is made only when a finding needs it.
struct Place {
  const Place* parent = nullptr;  ///< of the object or list around it; null at the root
  std::string name;               ///< its key, when in an object
  std::uint32_t index = 0;        ///< its place from 0, when in a list
  bool in_list = false;
  Spot value;
  Spot key;  ///< of a value in an object: where its key begins; else like `value`
};

/// "12:7 /steps/0/undo": line:column and JSON Pointer. At the root the pointer is left out.
[[nodiscard]] std::string where(const Place& place, const Spot& spot);

struct Member;

/// A value of a document, which knows where it was written. What expanding a short form makes anew
/// has the place of what it was made from.
struct Node {
  using List = std::vector<Node>;
  using Object = std::vector<Member>;
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string,
                             List, Object>;
  const Place* place = nullptr;
  Value value;  ///< null at first

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(value); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&value); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&value); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&value); }
  /// The value under `key`, or null; also when this is no object.
  [[nodiscard]] const Node* find(std::string_view key) const;
  /// "an object", "a list", "text", "a number", "true or false" or "null".
  [[nodiscard]] std::string_view kind() const;
};

struct Member {
  std::string key;
  Node value;
};

/// A document as it was written: its values, and the places they point to.
struct Tree {
  std::deque<Place> places;
  Node root;
};

/// How much of a document is read.
struct Limits {
  std::size_t size = std::size_t{1} << 20;  ///< bytes
  std::size_t depth = 64;                   ///< nested lists and objects
  std::size_t values = 200'000;             ///< values in all
  std::size_t key = 256;                    ///< bytes of one key
};

/// The value below `node` that a JSON Pointer names, or the last one on the way to it that is
/// there.
[[nodiscard]] const Node& below(const Node& node, std::string_view pointer);

[[nodiscard]] nlohmann::json to_json(const Node& node);

/// The tree of `value`, every part of it at `place`.
[[nodiscard]] Node from_json(const nlohmann::json& value, const Place* place);

}  // namespace skald::document
