#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "dsl/diagram/layers.hpp"

namespace skald::test {

namespace {

using diagram::Box;
using diagram::Layout;
using diagram::Line;

struct Rectangle {
  double left, top, right, bottom;
};

bool overlap(const Rectangle& a, const Rectangle& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

struct Drawing {
  std::vector<Box> boxes;
  std::vector<Line> lines;
  Layout layout;

  [[nodiscard]] Rectangle box(std::size_t i) const {
    const auto& at = layout.boxes[i];
    return {at.x - boxes[i].left, at.y, at.x + boxes[i].right, at.y + boxes[i].height};
  }
  [[nodiscard]] Rectangle label(std::size_t i) const {
    const auto& at = layout.paths[i].label;
    return {at.x, at.y, at.x + lines[i].label_width, at.y + lines[i].label_height};
  }
};

/// A graph of `size` boxes that hang together, with `more` lines forth and back; different for each
/// seed.
Drawing drawing(std::uint32_t seed, std::size_t size, std::size_t more) {
  const auto random = [&](std::size_t below) {
    seed = seed * 1664525 + 1013904223;  // Numerical Recipes §7.1
    return static_cast<std::size_t>(seed >> 16) % below;
  };
  Drawing made;
  for (std::size_t i = 0; i < size; ++i) {
    const auto half = static_cast<double>(40 + random(80));
    made.boxes.push_back({half, half, static_cast<double>(30 + random(60)), 0});
    const bool labelled = random(4) > 0;
    const auto width = labelled ? static_cast<double>(20 + random(150)) : 0.0;
    if (i > 0) made.lines.push_back({random(i), i, width, labelled ? 16.0 : 0.0, false});
  }
  for (std::size_t i = 0; i < more; ++i) {
    const std::size_t from = random(size), to = random(size);
    if (from != to) made.lines.push_back({from, to, 60, 32, false});
  }
  made.layout = diagram::lay_out(made.boxes, made.lines);
  return made;
}

/// The piece of the path between two points, as a curve with upright ends, cut into straight ones.
std::vector<diagram::Point> along(const diagram::Path& path) {
  std::vector<diagram::Point> points;
  for (std::size_t i = 0; i + 1 < path.points.size(); ++i) {
    const auto &a = path.points[i], &b = path.points[i + 1];
    for (int k = 0; k <= 16; ++k) {
      const double t = k / 16.0, s = 1 - t, middle = (a.y + b.y) / 2;
      points.push_back({a.x * (s * s * s + 3 * s * s * t) + b.x * (3 * s * t * t + t * t * t),
                        s * s * s * a.y + 3 * s * t * middle + t * t * t * b.y});
    }
  }
  return points;
}

void check_ends(const Drawing& drawn, std::size_t line) {
  const auto& points = drawn.layout.paths[line].points;
  const auto from = drawn.box(drawn.lines[line].from), to = drawn.box(drawn.lines[line].to);
  const auto touches = [](const diagram::Point& point, const Rectangle& box) {
    return point.x >= box.left && point.x <= box.right &&
           (std::abs(point.y - box.top) < 0.01 || std::abs(point.y - box.bottom) < 0.01);
  };
  CHECK(touches(points.front(), from));
  CHECK(touches(points.back(), to));
}

void check_apart(const Drawing& drawn) {
  std::vector<Rectangle> all;
  for (std::size_t i = 0; i < drawn.boxes.size(); ++i) all.push_back(drawn.box(i));
  for (std::size_t i = 0; i < drawn.lines.size(); ++i)
    if (drawn.lines[i].label_width > 0) all.push_back(drawn.label(i));
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].left >= -0.01);
    CHECK(all[i].right <= drawn.layout.width + 0.01);
    CHECK(all[i].bottom <= drawn.layout.height + 0.01);
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(overlap(all[i], all[j]));
  }
}

void check_nothing_is_crossed(const Drawing& drawn, std::size_t line) {
  const auto inside = [](const diagram::Point& point, const Rectangle& box) {
    return point.x > box.left + 0.01 && point.x < box.right - 0.01 && point.y > box.top + 0.01 &&
           point.y < box.bottom - 0.01;
  };
  for (const auto& point : along(drawn.layout.paths[line])) {
    for (std::size_t i = 0; i < drawn.boxes.size(); ++i) CHECK_FALSE(inside(point, drawn.box(i)));
    for (std::size_t i = 0; i < drawn.lines.size(); ++i)
      if (drawn.lines[i].label_width > 0) CHECK_FALSE(inside(point, drawn.label(i)));
  }
}

}  // namespace

TEST_CASE("boxes and labels never overlap, and lines end at boxes and cross neither") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    const auto drawn = drawing(seed, 2 + seed % 13, seed % 31);
    check_apart(drawn);
    for (std::size_t i = 0; i < drawn.lines.size(); ++i) {
      check_ends(drawn, i);
      check_nothing_is_crossed(drawn, i);
    }
  }
}

TEST_CASE("a line leads down unless it closes a circle") {
  const std::vector<Box> boxes(3, Box{30, 30, 30, 0});
  const auto layout =
      diagram::lay_out(boxes, {{0, 1, 0, 0, true}, {1, 2, 0, 0, true}, {2, 0, 0, 0}});
  CHECK(layout.boxes[0].y < layout.boxes[1].y);
  CHECK(layout.boxes[1].y < layout.boxes[2].y);
  CHECK(layout.paths[0].points.front().y < layout.paths[0].points.back().y);
  CHECK(layout.paths[2].points.front().y > layout.paths[2].points.back().y);
}

TEST_CASE("rigid lines stand upright, and so do long ones between their bends") {
  const std::vector<Box> boxes(4, Box{60, 60, 30, 0});
  const auto layout = diagram::lay_out(
      boxes, {{0, 1, 50, 16, true}, {1, 2, 50, 16, true}, {2, 3, 50, 16, true}, {0, 3, 90, 16}});
  for (std::size_t i = 1; i < 4; ++i) CHECK(layout.boxes[i].x == layout.boxes[0].x);
  const auto& around = layout.paths[3].points;
  for (std::size_t i = 3; i + 2 < around.size(); ++i) CHECK(around[i].x == around[2].x);
  CHECK(around[2].x > layout.boxes[1].x + 60);
}

TEST_CASE("lines cross only where they must") {
  const std::vector<Box> boxes(6, Box{30, 30, 30, 0});
  const auto layout = diagram::lay_out(boxes, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 5}});
  const bool mirrored = layout.boxes[1].x > layout.boxes[2].x;
  CHECK((layout.boxes[4].x < layout.boxes[3].x) != mirrored);
  CHECK((layout.boxes[3].x < layout.boxes[5].x) != mirrored);
}

TEST_CASE("of two lines that cross far from their boxes only one is straight there") {
  diagram::Layers crossed;
  crossed.cells.assign(4, diagram::Cell{9, 9, 0, true});
  crossed.layers = {{0, 1}, {3, 2}};
  crossed.links = {{0, 2}, {1, 3}};
  const auto x = diagram::straighten(crossed, {0, 30, 30, 0});
  CHECK(x[0] + 18 <= x[1]);
  CHECK(x[3] + 18 <= x[2]);
  CHECK(x[0] == x[2]);
}

TEST_CASE("nothing is drawn of nothing") {
  CHECK(diagram::lay_out({}, {}).width == 0);
  CHECK(diagram::lay_out({Box{5, 5, 5, 0}}, {}).width == 10);
}

}  // namespace skald::test
