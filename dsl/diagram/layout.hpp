#pragma once

#include <cstddef>
#include <vector>

/// A layered drawing of a directed graph (Sugiyama, Tagawa, Toda 1981): boxes in layers from top to
/// bottom, lines that never cross a box, and a place of its own for every label. Deterministic.
namespace skald::diagram {

struct Point {
  double x = 0;
  double y = 0;
};

/// What is to be placed, in pixels; `left` and `right` are measured from its axis, on which lines
/// prefer to begin and end. Lines end at the border of the box; `right` may be wider by `beside`,
/// which lines do not touch.
struct Box {
  double left = 0;
  double right = 0;
  double height = 0;
  double beside = 0;
};

/// From one box to another; not to the same one. The label stands right of the line.
struct Line {
  std::size_t from = 0;
  std::size_t to = 0;
  double label_width = 0;  ///< 0: no label
  double label_height = 0;
  /// Straight where nothing crosses it, its boxes in one column. Not more than one into a box and
  /// one out of it.
  bool rigid = false;
};

/// The way of a line. Points come in pairs: straight down (or up) from the first to the second of
/// a pair, a curve to the next pair.
struct Path {
  std::vector<Point> points;
  Point label;  ///< top left
};

struct Layout {
  std::vector<Point> boxes;  ///< axis and top of each
  std::vector<Path> paths;   ///< from `from` to `to`
  double width = 0;
  double height = 0;
};

/// Box 0 comes first, and of the lines of a box the first is the leftmost if all else is equal.
[[nodiscard]] Layout lay_out(const std::vector<Box>& boxes, const std::vector<Line>& lines);

/// How many places the drawing would need for lines that pass by boxes: its cost in time.
[[nodiscard]] std::size_t cost_of(std::size_t boxes, const std::vector<Line>& lines);

}  // namespace skald::diagram
