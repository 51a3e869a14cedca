#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/expr/program.hpp"

namespace skald::expr {

/// What a node reads, spelled so that two nodes that read the same have the same path; none when it
/// is no plain chain of selections from a root or variable.
[[nodiscard]] std::optional<std::string> path_of(const Program& program, std::uint32_t index);

/// The path as an expression must write it: a name that is no identifier stands in brackets.
/// `variables` are the names of the slots; `optional`: the last name is one that may not be there.
[[nodiscard]] std::string display(std::string_view path, const std::vector<std::string>& variables,
                                  bool optional = false);

/// What is known to be there at one place of an expression, because a condition before says so.
class Presence {
 public:
  /// Adds what `condition` tells when it is `truth`; its nodes must have been checked.
  void learn(const Program& program, std::uint32_t condition, bool truth);
  [[nodiscard]] bool is_known(std::string_view path) const;

  /// For leaving the place: forget(mark()) forgets what was learnt since.
  [[nodiscard]] std::size_t mark() const { return paths_.size(); }
  void forget(std::size_t mark) { paths_.resize(mark); }

 private:
  void learn_no_null(const Program& program, std::span<const std::uint32_t> sides);
  void add(const std::optional<std::string>& path);
  std::vector<std::string> paths_;
};

}  // namespace skald::expr
