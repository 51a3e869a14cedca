#include <algorithm>

#include "dsl/diagram/layers.hpp"

namespace skald::diagram {

namespace {

/// Between two boxes side by side.
constexpr double box_gap = 26;
constexpr int sweeps = 24;

struct Pull {
  std::size_t cell = 0;
  double weight = 1;
};

class Placer {
 public:
  explicit Placer(const Layers& layers)
      : layers_(layers),
        above_(layers.cells.size()),
        below_(layers.cells.size()),
        x_(layers.cells.size(), 0) {
    for (const auto& link : layers.links) {
      below_[link.upper].push_back({link.lower, link.weight});
      above_[link.lower].push_back({link.upper, link.weight});
    }
  }

  std::vector<double> run() {
    for (const auto& layer : layers_.layers) pack(layer);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      // One side at a time lets whole branches move; both at the end settle the compromise.
      const bool both = sweep >= sweeps / 2;
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 0; i < layers_.layers.size(); ++i) {
        const auto& layer = layers_.layers[down ? i : layers_.layers.size() - 1 - i];
        settle(layer, both || down, both || !down);
      }
    }
    return std::move(x_);
  }

 private:
  double apart(std::size_t left, std::size_t right) const {
    return diagram::apart(layers_.cells[left], layers_.cells[right]);
  }

  void pack(const std::vector<std::size_t>& layer) {
    for (std::size_t i = 1; i < layer.size(); ++i)
      x_[layer[i]] = x_[layer[i - 1]] + apart(layer[i - 1], layer[i]);
  }

  void settle(const std::vector<std::size_t>& layer, bool from_above, bool from_below) {
    std::vector<double> wanted, weights, gaps;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      double sum = 0, weight = 0;
      const auto pull = [&](const std::vector<Pull>& neighbours) {
        for (const auto& [cell, strength] : neighbours) {
          sum += strength * x_[cell];
          weight += strength;
        }
      };
      if (from_above) pull(above_[layer[i]]);
      if (from_below) pull(below_[layer[i]]);
      // What nothing pulls stays where it is, loosely.
      wanted.push_back(weight > 0 ? sum / weight : x_[layer[i]]);
      weights.push_back(weight > 0 ? weight : 0.01);
      if (i + 1 < layer.size()) gaps.push_back(apart(layer[i], layer[i + 1]));
    }
    const auto settled = spread(wanted, weights, gaps);
    for (std::size_t i = 0; i < layer.size(); ++i) x_[layer[i]] = settled[i];
  }

  const Layers& layers_;
  std::vector<std::vector<Pull>> above_;
  std::vector<std::vector<Pull>> below_;
  std::vector<double> x_;
};

}  // namespace

double apart(const Cell& left, const Cell& right) {
  return left.right + right.left + (left.passes || right.passes ? box_gap / 3 : box_gap);
}

std::vector<double> place(const Layers& layers) { return Placer(layers).run(); }

std::vector<double> spread(const std::vector<double>& wanted, const std::vector<double>& weights,
                           const std::vector<double>& apart) {
  struct Block {
    double sum = 0;
    double weight = 0;
    std::size_t count = 0;
    [[nodiscard]] double mean() const { return sum / weight; }
  };
  // Without the distances between them, values only have to rise.
  std::vector<double> offset(wanted.size(), 0);
  for (std::size_t i = 1; i < wanted.size(); ++i) offset[i] = offset[i - 1] + apart[i - 1];
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    blocks.push_back({(wanted[i] - offset[i]) * weights[i], weights[i], 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
      const Block last = blocks.back();
      blocks.pop_back();
      blocks.back().sum += last.sum;
      blocks.back().weight += last.weight;
      blocks.back().count += last.count;
    }
  }
  std::vector<double> values;
  for (const auto& block : blocks)
    for (std::size_t i = 0; i < block.count; ++i)
      values.push_back(block.mean() + offset[values.size()]);
  return values;
}

}  // namespace skald::diagram
