#pragma once

#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/engine/core_moves.hpp"

namespace skald::test {

/// How often each kind of event met a saga of each status.
using Coverage = std::map<std::pair<Kind, Status>, std::size_t>;

/// Walks every situation a saga can come into, breadth first, and judges every move.
///
/// To be finite, situations are seen without what does not matter for what may follow: the time,
/// the revision, the number of an attempt (2 stands for any) and the wording of errors.
class Explorer {
 public:
  Explorer(const Definition& definition, std::string input);

  /// The broken promises of the first move that breaks one, with the shortest way there; empty if
  /// all are kept.
  [[nodiscard]] std::string walk();

  /// Situations from which no end can be reached by `healthy` moves only, or by any moves; the
  /// shortest way to one of them, or empty.
  [[nodiscard]] std::string dead_end(bool healthy) const;

  [[nodiscard]] std::size_t situations() const { return nodes_.size(); }
  [[nodiscard]] std::size_t moves() const { return moves_; }
  [[nodiscard]] const Coverage& coverage() const { return coverage_; }

 private:
  struct Node {
    Situation situation;
    std::uint32_t parent = 0;
    std::string label;
  };
  struct Edge {
    std::uint32_t from, to;
    bool healthy;
  };

  std::vector<std::string> step(std::uint32_t from, Move move);
  std::vector<std::string> repeat(const Move& move, const Instance& saga);
  std::vector<std::string> stored(const Situation& situation) const;
  std::uint32_t visit(Situation situation, std::uint32_t parent, const std::string& label);
  [[nodiscard]] std::string way_to(std::uint32_t node, const std::string& last) const;

  const Definition& definition_;
  std::string input_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::unordered_map<std::string, std::uint32_t> known_;
  Coverage coverage_;
  std::size_t moves_ = 0;
};

/// `definition` with so many attempts per call and undo: the fewer, the fewer its situations.
[[nodiscard]] Definition with_attempts(std::uint32_t attempts, Definition definition);

}  // namespace skald::test
