#pragma once

#include <optional>
#include <vector>

#include "dsl/diagram/layout.hpp"

/// The steps of lay_out(), each in a file of its own.
namespace skald::diagram {

/// Something with a place in a layer: a box, or where a line passes. Boxes come first and have
/// their own index.
struct Cell {
  double left = 0;
  double right = 0;
  double height = 0;
  bool passes = false;  ///< a line passes here
};

/// Joins cells of neighbouring layers.
struct Link {
  std::size_t upper = 0;
  std::size_t lower = 0;
  double weight = 1;   ///< how much it wants to be straight
  bool rigid = false;  ///< see Line
};

struct Layers {
  std::vector<Cell> cells;
  std::vector<Link> links;
  /// Cells by layer, from the left. Boxes lie in even layers, labels in odd ones.
  std::vector<std::vector<std::size_t>> layers;
  /// For each line: its cells from top to bottom.
  std::vector<std::vector<std::size_t>> chains;
  std::vector<bool> upwards;  ///< for each line: it leads from the bottom to the top
  /// For each line: the place in its chain of the cell that holds the label.
  std::vector<std::optional<std::size_t>> label_at;
};

/// Gives every box a layer below those that lead to it. Lines that close a circle go upwards.
[[nodiscard]] Layers layers_of(const std::vector<Box>& boxes, const std::vector<Line>& lines);

/// Orders each layer so that few lines cross.
void order(Layers& layers);

/// How far apart the axes of two neighbours in a layer must be.
[[nodiscard]] double apart(const Cell& left, const Cell& right);

/// The axis of every cell: near those it is linked to, without overlap.
[[nodiscard]] std::vector<double> place(const Layers& layers);

/// Makes long lines straight: `x` with one axis for each run of cells that a line passes.
[[nodiscard]] std::vector<double> straighten(const Layers& layers, std::vector<double> x);

/// The values nearest to `wanted` (least squares by `weights`) that keep at least `apart[i]`
/// between value i and value i+1. Pool adjacent violators: Barlow et al. 1972.
[[nodiscard]] std::vector<double> spread(const std::vector<double>& wanted,
                                         const std::vector<double>& weights,
                                         const std::vector<double>& apart);

}  // namespace skald::diagram
