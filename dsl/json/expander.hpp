#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/json/expand.hpp"
#include "dsl/json/fields.hpp"

/// How expand() works; for its own files only.
namespace skald::document {

/// What an item of a list of steps is.
enum class ItemKind { call, wait, choice, parallel, set, fail, unwind, park, go_to, none };

/// The items of a list; of a branch that is one item or a word, that alone.
using Items = std::vector<const Node*>;

/// States under construction: those of the document, or of one branch of a parallel item.
struct Region {
  Node::Object* states = nullptr;
  std::string composite{};  ///< the outermost parallel item around it; empty at the top
  int number = 0;           ///< tells regions apart
};

/// The way into an item: the actions of the transition and the state it leads to.
struct Arrow {
  std::string to;
  Node::List actions{};
  const Place* place = nullptr;  ///< of what unwinds on the way: the transition is about that
};

struct Item {
  ItemKind kind = ItemKind::none;
  std::string name;  ///< of its state
  int region = 0;
};

class Expander {
 public:
  Expander(const Node& document, Report& report) : document_(document), report_(report) {}
  Node run();

 private:
  // expand.cpp: which items there are and what they are called.
  void take_ids(const Items& items, int region);
  void take_id(const Node& node, ItemKind kind, int region);
  void take_ids_inside(const Node& node, ItemKind kind, int region);
  void name_the_rest();
  ItemKind kind_of(const Node& node);
  void check_keys(const Node& node, ItemKind kind);
  Items items_of(const Node& branch);
  static bool is_key(ItemKind kind, std::string_view key);
  void ends();
  void broken(const Node& node, std::string why, std::string code);

  // expand_items.cpp: what becomes of them.
  Arrow arrow(const Items& items, std::size_t index, const Arrow& next, const Region& region);
  void emit(const Items& items, const Arrow& next, const Region& region);
  void emit_call(const Node& node, const Arrow& next, const Region& region);
  void emit_wait(const Node& node, const Arrow& next, const Region& region);
  void emit_choice(const Node& node, const Arrow& next, const Region& region);
  void emit_parallel(const Node& node, const Arrow& next, const Region& region);
  void emit_unwind(const Node& node, const Region& region);
  void emit_branch(const std::string& from, Member trigger, const Node& branch, const Arrow& next,
                   const Region& region);
  std::string first_of(const Items& items, const Arrow& next, const Region& region);
  const std::string& go_to(const Node& node, const Region& region);
  bool check_exhausted(const Node& node, const Region& region);
  void state(const Place* place, const std::string& name, const Region& region,
             Node::Object members = {});
  void transition(const Place* place, const std::string& from, Member trigger, Arrow arrow,
                  const Node* when = nullptr);

  const Node& document_;
  Report& report_;
  std::unordered_map<const Node*, Item> items_;
  std::vector<const Node*> unnamed_;  ///< in document order
  std::map<std::string, const Node*, std::less<>> taken_;
  int regions_ = 0;
  std::map<const Node*, int> region_of_branch_;
  std::set<std::string> targets_;
  Node::Object states_, steps_;
  Node::List transitions_;
};

}  // namespace skald::document
