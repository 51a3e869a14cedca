#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/json/node.hpp"
#include "engine/model/error.hpp"

namespace skald::document {

/// Gathers everything wrong with one document. After `findings_max` it keeps count no longer.
class Report {
 public:
  static constexpr std::size_t findings_max = 200;

  /// What is wrong with a value.
  void add(const Place& place, std::string why, std::string code);
  /// What is wrong with a key of an object, or with the key missing beside it.
  void add_at_key(const Place& place, std::string why, std::string code);
  /// A finding of a check that knows only the text that where() gave.
  void add(Finding finding);
  void add_at(const Place& place, const Spot& spot, std::string why, std::string code);

  /// From now on the machine has holes (an unknown state, a step that cannot be read), so that
  /// checks of the whole would find what is not there.
  void machine_is_broken() { broken_ = true; }
  [[nodiscard]] bool is_broken() const { return broken_; }
  /// The list of steps is not what a machine can be made of, which the checks of that machine would
  /// only say once more: findings with their codes are dropped from now on.
  void steps_are_broken();
  [[nodiscard]] bool has(std::string_view where, std::string_view code) const;
  [[nodiscard]] std::size_t size() const { return findings_.size(); }
  [[nodiscard]] bool empty() const { return findings_.empty(); }
  [[nodiscard]] bool full() const { return findings_.size() >= findings_max; }

  /// By place; of equal ones the first.
  [[nodiscard]] std::vector<Finding> sorted() const;

 private:
  struct Placed {
    Spot spot;
    Finding finding;
  };
  std::vector<Placed> findings_;
  bool broken_ = false;
  bool steps_broken_ = false;
};

/// `text` as it may stand in a message: cut when it is long, without control characters.
[[nodiscard]] std::string shown(std::string_view text);

/// ". Did you mean 'debit'?" when one of `known` is near `name`; else empty.
template <class Names>
[[nodiscard]] std::string suggestion(std::string_view name, const Names& known);

/// How many letters must be changed, added, left out or swapped with the next to make one of the
/// other (optimal string alignment); at least `limit` when it is that or more.
[[nodiscard]] std::size_t distance(std::string_view one, std::string_view other, std::size_t limit);

/// How far apart a name and one that was meant may be.
[[nodiscard]] std::size_t near_enough(std::string_view name);

template <class Names>
std::string suggestion(std::string_view name, const Names& known) {
  std::size_t best = near_enough(name) + 1;
  std::string_view meant;
  for (const auto& candidate : known) {
    const auto apart = distance(name, candidate, best);
    if (apart >= best) continue;
    best = apart;
    meant = candidate;
  }
  return meant.empty() ? "" : ". Did you mean '" + std::string(meant) + "'?";
}

/// "'a', 'b' or 'c'".
template <class Names>
[[nodiscard]] std::string one_of(const Names& names) {
  std::string text;
  std::size_t left = names.size();
  for (const auto& name : names) {
    --left;
    text += "'" + std::string(name) + "'" + (left > 1 ? ", " : left == 1 ? " or " : "");
  }
  return text;
}

}  // namespace skald::document
