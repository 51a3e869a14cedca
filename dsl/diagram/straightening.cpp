#include <algorithm>
#include <limits>
#include <map>

#include "dsl/diagram/layers.hpp"

namespace skald::diagram {

namespace {

using Indices = std::vector<std::size_t>;
constexpr int sweeps = 40;

/// Cells that a line passes straight down share one axis: they are one column. So are the boxes
/// that rigid lines join; any other box is a column by itself. After Brandes and Köpf 2001, whose
/// blocks these are.
class Columns {
 public:
  Columns(const Layers& layers, std::vector<double> x)
      : layers_(layers), x_(std::move(x)), at_(layers.cells.size()), column_(layers.cells.size()) {
    for (const auto& layer : layers.layers)
      for (std::size_t i = 0; i < layer.size(); ++i) at_[layer[i]] = i;
    join();
    sort();
  }

  std::vector<double> run() {
    // Pushing all to the right and all to the left both keep the distances; so does their mean.
    const auto right = pushed(true), left = pushed(false);
    for (std::size_t i = 0; i < where_.size(); ++i) where_[i] = (right[i] + left[i]) / 2;
    for (int sweep = 0; sweep < sweeps; ++sweep)
      for (std::size_t i = 0; i < order_.size(); ++i)
        settle(order_[sweep % 2 == 0 ? i : order_.size() - 1 - i]);
    for (std::size_t cell = 0; cell < x_.size(); ++cell) x_[cell] = where_[column_[cell]];
    return std::move(x_);
  }

 private:
  struct Neighbour {
    std::size_t column = 0;
    double apart = 0;
  };
  struct Pull {
    std::size_t column = 0;
    double weight = 1;
  };

  /// Two lines that cross between two layers cannot both be straight there: the first one is.
  bool crosses(const std::vector<std::pair<std::size_t, std::size_t>>& straight, const Link& link) {
    const auto up = at_[link.upper], down = at_[link.lower];
    return std::any_of(straight.begin(), straight.end(), [&](const auto& other) {
      return (other.first < up) != (other.second < down);
    });
  }

  void join() {
    std::vector<std::size_t> layer_of(layers_.cells.size());
    for (std::size_t i = 0; i < layers_.layers.size(); ++i)
      for (const std::size_t cell : layers_.layers[i]) layer_of[cell] = i;
    for (std::size_t i = 0; i < column_.size(); ++i) column_[i] = i;
    std::vector<std::vector<std::pair<std::size_t, std::size_t>>> straight(layers_.layers.size());
    const auto join_if = [&](const Link& link, bool wanted) {
      auto& others = straight[layer_of[link.upper]];
      if (!wanted || crosses(others, link)) return;
      others.emplace_back(at_[link.upper], at_[link.lower]);
      column_[root(link.lower)] = root(link.upper);
    };
    for (const auto& link : layers_.links) join_if(link, link.rigid);
    for (const auto& link : layers_.links)
      join_if(link,
              !link.rigid && layers_.cells[link.upper].passes && layers_.cells[link.lower].passes);
    for (std::size_t i = 0; i < column_.size(); ++i) column_[i] = root(i);
    number_columns();
  }

  /// The cell that stands for the column of `cell` while columns are joined.
  std::size_t root(std::size_t cell) {
    while (column_[cell] != cell) cell = column_[cell] = column_[column_[cell]];
    return cell;
  }

  void number_columns() {
    std::map<std::size_t, std::size_t> numbers;
    std::vector<double> sums, counts;
    for (std::size_t cell = 0; cell < column_.size(); ++cell) {
      const auto [number, fresh] = numbers.emplace(column_[cell], numbers.size());
      column_[cell] = number->second;
      if (fresh) sums.push_back(0), counts.push_back(0);
      sums[column_[cell]] += x_[cell];
      ++counts[column_[cell]];
    }
    where_.resize(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) where_[i] = sums[i] / counts[i];
    pulls_.resize(sums.size());
    for (const auto& link : layers_.links) {
      const auto upper = column_[link.upper], lower = column_[link.lower];
      if (upper == lower) continue;
      pulls_[upper].push_back({lower, link.weight});
      pulls_[lower].push_back({upper, link.weight});
    }
  }

  /// Columns from left to right, so that every one comes after its left neighbours. They cannot go
  /// round in a circle, because lines that are straight do not cross.
  void sort() {
    left_.resize(where_.size());
    right_.resize(where_.size());
    Indices waits(where_.size(), 0);
    for (const auto& layer : layers_.layers)
      for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
        const auto a = column_[layer[i]], b = column_[layer[i + 1]];
        const double apart = diagram::apart(layers_.cells[layer[i]], layers_.cells[layer[i + 1]]);
        right_[a].push_back({b, apart});
        left_[b].push_back({a, apart});
        ++waits[b];
      }
    for (std::size_t i = 0; i < where_.size(); ++i)
      if (waits[i] == 0) order_.push_back(i);
    for (std::size_t i = 0; i < order_.size(); ++i)
      for (const auto& next : right_[order_[i]])
        if (--waits[next.column] == 0) order_.push_back(next.column);
  }

  std::vector<double> pushed(bool to_right) const {
    auto x = where_;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const auto column = order_[to_right ? i : order_.size() - 1 - i];
      for (const auto& other : to_right ? left_[column] : right_[column])
        x[column] = to_right ? std::max(x[column], x[other.column] + other.apart)
                             : std::min(x[column], x[other.column] - other.apart);
    }
    return x;
  }

  /// To the mean of what pulls, as far as the neighbours let it.
  void settle(std::size_t column) {
    double sum = 0, weight = 0;
    for (const auto& pull : pulls_[column]) {
      sum += pull.weight * where_[pull.column];
      weight += pull.weight;
    }
    if (weight == 0) return;
    double low = std::numeric_limits<double>::lowest(), high = std::numeric_limits<double>::max();
    for (const auto& other : left_[column]) low = std::max(low, where_[other.column] + other.apart);
    for (const auto& other : right_[column])
      high = std::min(high, where_[other.column] - other.apart);
    where_[column] = std::clamp(sum / weight, low, std::max(low, high));
  }

  const Layers& layers_;
  std::vector<double> x_;
  Indices at_;      ///< by cell: its place in its layer
  Indices column_;  ///< by cell
  std::vector<double> where_;
  std::vector<std::vector<Neighbour>> left_;
  std::vector<std::vector<Neighbour>> right_;
  std::vector<std::vector<Pull>> pulls_;
  Indices order_;
};

}  // namespace

std::vector<double> straighten(const Layers& layers, std::vector<double> x) {
  return Columns(layers, std::move(x)).run();
}

}  // namespace skald::diagram
