#include "dsl/diagram/layout.hpp"

#include <algorithm>
#include <cmath>

#include "dsl/diagram/layers.hpp"

namespace skald::diagram {

namespace {

/// Between layers; wide curves get more, so that they do not lie flat.
constexpr double gap_least = 17, gap_most = 54, gap_slope = 0.09;
/// Between lines at the same side of a box, and to its corners.
constexpr double port_gap = 18, corner = 14;
constexpr double label_indent = 7;

/// Where lines meet a box: as near as possible to where they come from, in the same order.
class Ports {
 public:
  Ports(const std::vector<Box>& boxes, const Layers& layers, const std::vector<double>& x)
      : boxes_(boxes), layers_(layers), x_(x) {
    const std::size_t count = layers.chains.size();
    upper_.resize(count);
    lower_.resize(count);
    std::vector<std::vector<std::size_t>> leave(boxes.size()), arrive(boxes.size());
    for (std::size_t i = 0; i < count; ++i) {
      leave[layers.chains[i].front()].push_back(i);
      arrive[layers.chains[i].back()].push_back(i);
    }
    for (std::size_t box = 0; box < boxes.size(); ++box) {
      share(box, leave[box], upper_, [&](std::size_t line) { return x_[layers_.chains[line][1]]; });
      share(box, arrive[box], lower_, [&](std::size_t line) {
        const auto& chain = layers_.chains[line];
        return x_[chain[chain.size() - 2]];
      });
    }
  }

  [[nodiscard]] double upper(std::size_t line) const { return upper_[line]; }
  [[nodiscard]] double lower(std::size_t line) const { return lower_[line]; }

 private:
  template <class Toward>
  void share(std::size_t box, std::vector<std::size_t> lines, std::vector<double>& ports,
             Toward toward) {
    if (lines.empty()) return;
    std::stable_sort(lines.begin(), lines.end(),
                     [&](std::size_t a, std::size_t b) { return toward(a) < toward(b); });
    const double low = x_[box] - std::max(0.0, boxes_[box].left - corner);
    const double high = x_[box] + std::max(0.0, boxes_[box].right - corner);
    const auto count = static_cast<double>(lines.size());
    const double apart = std::min(port_gap, (high - low) / count);
    std::vector<double> wanted;
    for (const std::size_t line : lines) wanted.push_back(std::clamp(toward(line), low, high));
    const auto values = spread(wanted, std::vector<double>(lines.size(), 1),
                               std::vector<double>(lines.size() - 1, apart));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto before = static_cast<double>(i);
      ports[lines[i]] =
          std::clamp(values[i], low + before * apart,
                     std::max(low + before * apart, high - (count - 1 - before) * apart));
    }
  }

  const std::vector<Box>& boxes_;
  const Layers& layers_;
  const std::vector<double>& x_;
  std::vector<double> upper_;  ///< by line: at its upper box
  std::vector<double> lower_;
};

class Drawing {
 public:
  Drawing(const std::vector<Box>& boxes, const Layers& layers, std::vector<double> x)
      : layers_(layers), x_(std::move(x)), ports_(boxes, layers, x_) {
    layer_of_.resize(layers.cells.size());
    for (std::size_t i = 0; i < layers.layers.size(); ++i)
      for (const std::size_t cell : layers.layers[i]) layer_of_[cell] = i;
    heights();
  }

  Layout run(std::size_t boxes) {
    for (std::size_t i = 0; i < boxes; ++i) made_.boxes.push_back({x_[i], tops_[layer_of_[i]]});
    for (std::size_t i = 0; i < layers_.chains.size(); ++i) made_.paths.push_back(path(i));
    shift();
    return std::move(made_);
  }

 private:
  double axis(std::size_t line, std::size_t at) const {
    const auto& chain = layers_.chains[line];
    if (at == 0) return ports_.upper(line);
    return at + 1 == chain.size() ? ports_.lower(line) : x_[chain[at]];
  }

  void heights() {
    std::vector<double> widest(layers_.layers.size(), 0);  // of the curves below each layer
    for (std::size_t line = 0; line < layers_.chains.size(); ++line)
      for (std::size_t at = 0; at + 1 < layers_.chains[line].size(); ++at) {
        double& most = widest[layer_of_[layers_.chains[line][at]]];
        most = std::max(most, std::abs(axis(line, at) - axis(line, at + 1)));
      }
    double y = 0;
    for (std::size_t i = 0; i < layers_.layers.size(); ++i) {
      double height = 0;
      for (const std::size_t cell : layers_.layers[i])
        height = std::max(height, layers_.cells[cell].height);
      tops_.push_back(y);
      bottoms_.push_back(y + height);
      y += height + std::clamp(gap_least + gap_slope * widest[i], gap_least, gap_most);
    }
    made_.height = bottoms_.back();
  }

  Path path(std::size_t line) const {
    const auto& chain = layers_.chains[line];
    Path made;
    for (std::size_t at = 0; at < chain.size(); ++at) {
      const double x = axis(line, at);
      const std::size_t layer = layer_of_[chain[at]];
      const bool last = at + 1 == chain.size();
      const double top = at == 0 ? tops_[layer] + layers_.cells[chain[0]].height : tops_[layer];
      made.points.push_back({x, top});
      made.points.push_back({x, last ? top : bottoms_[layer]});
    }
    if (const auto at = layers_.label_at[line])
      made.label = {axis(line, *at) + label_indent, tops_[layer_of_[chain[*at]]]};
    if (layers_.upwards[line]) std::reverse(made.points.begin(), made.points.end());
    return made;
  }

  /// The leftmost thing begins at 0.
  void shift() {
    double left = 0, right = 0;
    for (std::size_t i = 0; i < layers_.cells.size(); ++i) {
      left = i == 0 ? x_[i] - layers_.cells[i].left : std::min(left, x_[i] - layers_.cells[i].left);
      right =
          i == 0 ? x_[i] + layers_.cells[i].right : std::max(right, x_[i] + layers_.cells[i].right);
    }
    for (auto& box : made_.boxes) box.x -= left;
    for (auto& path : made_.paths) {
      path.label.x -= left;
      for (auto& point : path.points) point.x -= left;
    }
    made_.width = right - left;
  }

  const Layers& layers_;
  std::vector<double> x_;
  Ports ports_;
  std::vector<std::size_t> layer_of_;  ///< by cell
  std::vector<double> tops_;
  std::vector<double> bottoms_;
  Layout made_;
};

}  // namespace

Layout lay_out(const std::vector<Box>& boxes, const std::vector<Line>& lines) {
  if (boxes.empty()) return {};
  Layers layers = layers_of(boxes, lines);
  order(layers);
  auto x = straighten(layers, place(layers));
  return Drawing(boxes, layers, std::move(x)).run(boxes.size());
}

}  // namespace skald::diagram
