#include <algorithm>

#include "dsl/diagram/layers.hpp"

namespace skald::diagram {

namespace {

using Indices = std::vector<std::size_t>;

class Orderer {
 public:
  explicit Orderer(Layers& layers)
      : layers_(layers),
        above_(layers.cells.size()),
        below_(layers.cells.size()),
        at_(layers.cells.size(), 0) {
    for (const auto& link : layers.links) {
      below_[link.upper].push_back(link.lower);
      above_[link.lower].push_back(link.upper);
    }
  }

  void run() {
    depth_first();
    number_all();
    auto best = layers_.layers;
    std::size_t fewest = crossings();
    for (int sweep = 0; sweep < sweeps && fewest > 0; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 1; i < layers_.layers.size(); ++i)
        sort_layer(down ? i : layers_.layers.size() - 1 - i, down, sweep / 2 % 2 == 1);
      swap_neighbours();
      const std::size_t now = crossings();
      if (now < fewest) fewest = now, best = layers_.layers;
    }
    layers_.layers = std::move(best);
  }

 private:
  static constexpr int sweeps = 16;

  /// First come, first placed: what a box leads to first stands leftmost.
  void depth_first() {
    std::vector<bool> seen(layers_.cells.size(), false);
    Indices rank(layers_.cells.size(), 0);
    for (std::size_t i = 0; i < layers_.layers.size(); ++i)
      for (const std::size_t cell : layers_.layers[i]) rank[cell] = i;
    for (auto& layer : layers_.layers) layer.clear();
    for (std::size_t root = 0; root < layers_.cells.size(); ++root) {
      Indices open{root};
      while (!open.empty()) {
        const std::size_t cell = open.back();
        open.pop_back();
        if (seen[cell]) continue;
        seen[cell] = true;
        layers_.layers[rank[cell]].push_back(cell);
        open.insert(open.end(), below_[cell].rbegin(), below_[cell].rend());
      }
    }
  }

  void number_layer(const Indices& layer) {
    for (std::size_t i = 0; i < layer.size(); ++i) at_[layer[i]] = i;
  }
  void number_all() {
    for (const auto& layer : layers_.layers) number_layer(layer);
  }

  /// The mean place of the neighbours, or `none`.
  double mean(std::size_t cell, const std::vector<Indices>& neighbours, double none) const {
    if (neighbours[cell].empty()) return none;
    double sum = 0;
    for (const std::size_t other : neighbours[cell]) sum += static_cast<double>(at_[other]);
    return sum / static_cast<double>(neighbours[cell].size());
  }

  /// By the neighbours on the one side, and where they agree by those on the other. Of equals, the
  /// first stays first, or comes last: which is better shows only in the layers that follow.
  void sort_layer(std::size_t index, bool down, bool turned) {
    struct Keyed {
      double near, far;
      std::size_t cell;
    };
    auto& layer = layers_.layers[index];
    std::vector<Keyed> keyed;
    for (const std::size_t cell : layer) {
      const auto own = static_cast<double>(at_[cell]);
      keyed.push_back(
          {mean(cell, down ? above_ : below_, own), mean(cell, down ? below_ : above_, 0), cell});
    }
    if (turned) std::reverse(keyed.begin(), keyed.end());
    std::stable_sort(keyed.begin(), keyed.end(), [](const Keyed& a, const Keyed& b) {
      return a.near != b.near ? a.near < b.near : a.far < b.far;
    });
    for (std::size_t i = 0; i < layer.size(); ++i) layer[i] = keyed[i].cell;
    number_layer(layer);
  }

  /// Crossings between the links of two neighbouring cells, `left` before `right`.
  std::size_t crossings(std::size_t left, std::size_t right,
                        const std::vector<Indices>& neighbours) const {
    std::size_t count = 0;
    for (const std::size_t a : neighbours[left])
      for (const std::size_t b : neighbours[right])
        if (at_[a] > at_[b]) ++count;
    return count;
  }

  void swap_neighbours() {
    for (auto& layer : layers_.layers)
      for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
        const std::size_t a = layer[i], b = layer[i + 1];
        const auto now = crossings(a, b, above_) + crossings(a, b, below_);
        const auto swapped = crossings(b, a, above_) + crossings(b, a, below_);
        if (swapped >= now) continue;
        std::swap(layer[i], layer[i + 1]);
        std::swap(at_[a], at_[b]);
      }
  }

  /// All crossings, by counting inversions in a Fenwick tree.
  std::size_t crossings() const {
    std::size_t count = 0;
    for (const auto& layer : layers_.layers) {
      Indices lower;
      for (const std::size_t cell : layer) {
        const auto first = static_cast<std::ptrdiff_t>(lower.size());
        for (const std::size_t other : below_[cell]) lower.push_back(at_[other]);
        std::sort(lower.begin() + first, lower.end());
      }
      count += inversions(lower);
    }
    return count;
  }

  static std::size_t inversions(const Indices& values) {
    if (values.empty()) return 0;
    Indices tree(*std::max_element(values.begin(), values.end()) + 2, 0);
    std::size_t count = 0;
    for (std::size_t seen = 0; seen < values.size(); ++seen) {
      std::size_t not_above = 0;
      for (std::size_t i = values[seen] + 1; i > 0; i -= i & (~i + 1)) not_above += tree[i];
      count += seen - not_above;
      for (std::size_t i = values[seen] + 1; i < tree.size(); i += i & (~i + 1)) ++tree[i];
    }
    return count;
  }

  Layers& layers_;
  std::vector<Indices> above_;
  std::vector<Indices> below_;
  Indices at_;  ///< by cell: its place in its layer
};

}  // namespace

void order(Layers& layers) { Orderer(layers).run(); }

}  // namespace skald::diagram
