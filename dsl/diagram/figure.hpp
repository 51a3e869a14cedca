#pragma once

#include <map>
#include <string>
#include <vector>

#include "dsl/diagram/chart.hpp"
#include "dsl/diagram/layout.hpp"

/// A chart with everything in its place, ready to be drawn. Sizes are pixels.
namespace skald::diagram {

/// Small pictures beside texts, drawn so that no font has to have them.
enum class Mark { none, undo, pivot, retriable, readonly };

/// A piece of a line of text, after its mark if it has one.
struct Span {
  Mark mark = Mark::none;
  std::string text;
  bool muted = false;
};
using TextLine = std::vector<Span>;

inline constexpr double name_size = 13, text_size = 11.5;  ///< of fonts
inline constexpr double line_height = 16;
inline constexpr double mark_width = 15;  ///< with the space after it
inline constexpr double span_gap = 5;
inline constexpr double padding = 11;         ///< of a box
inline constexpr std::size_t name_most = 48;  ///< characters

/// Of the name of a state; it is bold.
[[nodiscard]] double name_width(const std::string& name);
[[nodiscard]] double width_of(const Span& span);
[[nodiscard]] double width_of(const TextLine& line);

/// The lines a row takes inside its box.
[[nodiscard]] std::vector<TextLine> lines_of(const Row& row);

/// The lines of an arrow's label; `from` and `to` name states inside of the boxes it joins.
[[nodiscard]] std::vector<TextLine> lines_of(const Arrow& arrow, const std::string& from,
                                             const std::string& to);

struct DrawnArrow {
  Course course = Course::forward;
  std::vector<TextLine> label;
  Path path;
};

/// An arrow from a state to itself, at its right side.
struct DrawnLoop {
  Course course = Course::forward;
  std::vector<TextLine> label;
  double y = 0;  ///< below the top of the box
};

struct Scene;

struct DrawnState {
  StateIndex state{};
  double x = 0, y = 0;  ///< top left, in its scene
  double width = 0, height = 0;
  std::vector<TextLine> rows;
  std::vector<Scene> regions;  ///< side by side
  std::vector<DrawnLoop> loops;
};

/// One region: the states in it and the arrows between them.
struct Scene {
  double x = 0, y = 0;  ///< top left, in the box of its state
  double width = 0, height = 0;
  bool history = false;
  Point start;  ///< middle of the sign for the beginning
  std::vector<DrawnState> states;
  std::vector<DrawnArrow> arrows;
};
inline constexpr double start_radius = 7;

/// The top level's regions, side by side.
[[nodiscard]] std::vector<Scene> scenes_of(const Chart& chart);

}  // namespace skald::diagram
