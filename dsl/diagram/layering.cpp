#include <algorithm>

#include "dsl/diagram/layers.hpp"

namespace skald::diagram {

namespace {

using Indices = std::vector<std::size_t>;

struct Graph {
  std::size_t boxes = 0;
  const std::vector<Line>& lines;
  std::vector<Indices> out;  ///< by box: its lines

  Graph(std::size_t count, const std::vector<Line>& all) : boxes(count), lines(all), out(count) {
    for (std::size_t i = 0; i < all.size(); ++i) out[all[i].from].push_back(i);
  }
};

/// Lines that lead back to a box on the way to them, found depth first.
class Circles {
 public:
  explicit Circles(const Graph& graph)
      : graph_(graph), upwards_(graph.lines.size(), false), mark_(graph.boxes, Mark::fresh) {}

  std::vector<bool> run() {
    for (std::size_t box = 0; box < graph_.boxes; ++box)
      if (mark_[box] == Mark::fresh) walk(box);
    return std::move(upwards_);
  }

 private:
  enum class Mark { fresh, open, done };

  void walk(std::size_t root) {
    std::vector<std::pair<std::size_t, std::size_t>> way{{root, 0}};  // box, next of its lines
    mark_[root] = Mark::open;
    while (!way.empty()) {
      auto& [box, next] = way.back();
      if (next == graph_.out[box].size()) {
        mark_[box] = Mark::done;
        way.pop_back();
        continue;
      }
      const std::size_t line = graph_.out[box][next++];
      const std::size_t to = graph_.lines[line].to;
      if (mark_[to] == Mark::open) upwards_[line] = true;
      if (mark_[to] != Mark::fresh) continue;
      mark_[to] = Mark::open;
      way.emplace_back(to, 0);
    }
  }

  const Graph& graph_;
  std::vector<bool> upwards_;
  std::vector<Mark> mark_;
};

/// The upper end of a line and the lower one.
std::pair<std::size_t, std::size_t> ends(const Line& line, bool upwards) {
  return upwards ? std::pair(line.to, line.from) : std::pair(line.from, line.to);
}

/// The longest way to each box (Kahn's order).
Indices ranks_of(const Graph& graph, const std::vector<bool>& upwards) {
  std::vector<Indices> below(graph.boxes);
  Indices above(graph.boxes, 0), rank(graph.boxes, 0), open;
  for (std::size_t i = 0; i < graph.lines.size(); ++i) {
    const auto [upper, lower] = ends(graph.lines[i], upwards[i]);
    below[upper].push_back(lower);
    ++above[lower];
  }
  for (std::size_t box = 0; box < graph.boxes; ++box)
    if (above[box] == 0) open.push_back(box);
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const std::size_t lower : below[open[i]]) {
      rank[lower] = std::max(rank[lower], rank[open[i]] + 1);
      if (--above[lower] == 0) open.push_back(lower);
    }
  return rank;
}

/// Half of the space that a passing line keeps to its neighbours.
constexpr double berth = 9;

/// The cells a line passes between its ends, with its label next to where it comes from.
void add_line(Layers& made, const Line& line, bool upwards, const Indices& rank) {
  const auto [upper, lower] = ends(line, upwards);
  const std::size_t first = 2 * rank[upper] + 1, last = 2 * rank[lower] - 1;
  const std::size_t labelled = upwards ? last : first;
  Indices chain{upper};
  std::optional<std::size_t> label_at;
  for (std::size_t layer = first; layer <= last; ++layer) {
    Cell cell{berth, berth, 0, true};
    if (layer == labelled && line.label_width > 0) {
      label_at = chain.size();
      cell.right += line.label_width;
      cell.height = line.label_height;
    }
    made.layers[layer].push_back(made.cells.size());
    chain.push_back(made.cells.size());
    made.cells.push_back(cell);
  }
  chain.push_back(lower);
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    // Bends are worst in the middle of a long line.
    const bool inner = made.cells[chain[i]].passes && made.cells[chain[i + 1]].passes;
    made.links.push_back({chain[i], chain[i + 1],
                          inner        ? 6.0
                          : line.rigid ? 4.0
                                       : 1.0,
                          line.rigid});
  }
  made.chains.push_back(std::move(chain));
  made.label_at.push_back(label_at);
}

}  // namespace

Layers layers_of(const std::vector<Box>& boxes, const std::vector<Line>& lines) {
  const Graph graph(boxes.size(), lines);
  Layers made;
  made.upwards = Circles(graph).run();
  const Indices rank = ranks_of(graph, made.upwards);
  const std::size_t last = rank.empty() ? 0 : *std::max_element(rank.begin(), rank.end());
  made.layers.resize(2 * last + 1);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    made.cells.push_back({boxes[i].left, boxes[i].right + boxes[i].beside, boxes[i].height, false});
    made.layers[2 * rank[i]].push_back(i);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) add_line(made, lines[i], made.upwards[i], rank);
  return made;
}

std::size_t cost_of(std::size_t boxes, const std::vector<Line>& lines) {
  const Graph graph(boxes, lines);
  const auto upwards = Circles(graph).run();
  const Indices rank = ranks_of(graph, upwards);
  std::size_t cost = boxes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto [upper, lower] = ends(lines[i], upwards[i]);
    cost += 2 * (rank[lower] - rank[upper]);
  }
  return cost;
}

}  // namespace skald::diagram
