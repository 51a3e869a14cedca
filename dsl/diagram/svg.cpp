#include <algorithm>
#include <array>

#include "dsl/diagram/diagram.hpp"
#include "dsl/diagram/figure.hpp"
#include "dsl/diagram/svg_pen.hpp"
#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

constexpr double margin = 20;
constexpr double title_size = 15;
constexpr double head_length = 7;
constexpr double loop_reach = 20;

/// Classes by Course.
struct Tone {
  const char* arrow;
  const char* head;
  const char* text;
};
constexpr std::array<Tone, 4> tones{
    {{"skald-arrow", "skald-head", "skald-text"},
     {"skald-arrow skald-unwind", "skald-unwind-text", "skald-unwind-text"},
     {"skald-arrow skald-park", "skald-park-text", "skald-park-text"},
     {"skald-arrow skald-exhausted", "skald-exhausted-text", "skald-exhausted-text"}}};
const Tone& tone_of(Course course) { return tones[static_cast<std::size_t>(course)]; }

std::string at(double x, double y) { return number_text(x) + " " + number_text(y); }

class Artist {
 public:
  explicit Artist(const Definition& definition)
      : chart_(chart_of(definition)), scenes_(scenes_of(chart_)) {}

  std::string run() {
    const double top = margin + 22 + (chart_.notes.empty() ? 0 : line_height);
    const std::string title = shortened(chart_.title, 80);
    const double title_width = width_of(title) * title_size * 1.07;
    double width = std::max(title_width, width_of(notes()) * text_size), height = 0;
    for (const auto& scene : scenes_) {
      width = std::max(width, scene.x + scene.width);
      height = std::max(height, scene.height);
    }
    open(width + 2 * margin, top + height + margin);
    pen_.words(margin, margin + 8, title, title_width, "skald-title");
    if (!chart_.notes.empty())
      pen_.words(margin, margin + 8 + line_height, notes(), width_of(notes()) * text_size,
                 "skald-muted");
    for (const auto& scene : scenes_) this->scene(scene, margin, top);
    pen_.raw("</svg>\n");
    return pen_.text();
  }

 private:
  std::string notes() const {
    std::string text;
    for (const auto& note : chart_.notes) text.append(text.empty() ? "" : " · ").append(note);
    return text;
  }

  void open(double width, double height) {
    const std::string w = number_text(width), h = number_text(height);
    pen_.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h +
             "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\" aria-label=\"" +
             escaped_xml("State diagram of " + chart_.title) +
             "\" font-family=\"'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif\">\n");
    pen_.raw("<title>" + escaped_xml(chart_.title) + "</title>\n");
    pen_.raw("<desc>" + escaped_xml(description()) + "</desc>\n");
    pen_.raw("<style>" + std::string(style_sheet()) + "</style>\n");
    pen_.rect(0, 0, width, height, 0, "skald-ground");
  }

  /// The table in words, for those who cannot see the picture.
  std::string description() const {
    std::string text;
    for (const auto& arrow : chart_.arrows) {
      const std::string label = text_of(arrow);
      text += chart_.at(arrow.from).name + (label.empty() ? "" : " + " + label) + " = " +
              chart_.at(arrow.to).name + "; ";
    }
    return text;
  }

  /// `x` and `y`: of what the scene lies in.
  void scene(const Scene& scene, double x, double y) {
    x += scene.x;
    y += scene.y;
    for (const auto& state : scene.states) this->state(state, x + state.x, y + state.y);
    const Point start{x + scene.start.x, y + scene.start.y};
    pen_.circle(start, start_radius, scene.history ? "skald-inner" : "skald-start");
    if (scene.history) pen_.words(start.x - 4, start.y + 4, "H", 8, "skald-text");
    for (const auto& arrow : scene.arrows) this->arrow(arrow, x, y);
  }

  void state(const DrawnState& drawn, double x, double y) {
    const Node& node = chart_.at(drawn.state);
    pen_.raw("<g class=\"skald-state\" data-state=\"" + escaped_xml(node.name) + "\">\n<title>" +
             escaped_xml(tooltip(node)) + "</title>\n");
    frame(node, drawn, x, y);
    name(node, drawn, x, y);
    double base = y + 42 + (node.final == Final::no ? 0 : 2);
    for (const auto& row : drawn.rows) {
      pen_.line(x + padding + (node.final == Final::no ? 0 : 4), base, row, "skald-text");
      base += line_height;
    }
    pen_.raw("</g>\n");
    for (const auto& loop : drawn.loops) this->loop(loop, x + drawn.width, y);
    regions(drawn, x, y);
  }

  static std::string tooltip(const Node& node) {
    std::string text = node.name;
    if (node.final == Final::success) text += " (final)";
    if (node.final == Final::failure) text += " (final, failure)";
    for (const auto& row : node.rows) text += "; " + text_of(row);
    return text;
  }

  void frame(const Node& node, const DrawnState& drawn, double x, double y) {
    std::string border;
    if (node.final == Final::success) border = " skald-good";
    if (node.final == Final::failure) border = " skald-bad";
    if (node.calls_pivot) border = " skald-pivot";
    const char* const kind = node.regions.empty() ? "skald-box" : "skald-composite";
    pen_.rect(x, y, drawn.width, drawn.height, 8, kind + border);
    if (node.final != Final::no)
      pen_.rect(x + 3.5, y + 3.5, drawn.width - 7, drawn.height - 7, 5, "skald-inner" + border);
    if (drawn.rows.empty()) return;
    const double line = y + 28 + (node.final == Final::no ? 0 : 3);
    pen_.path("M" + at(x + 8, line) + "H" + number_text(x + drawn.width - 8), "skald-border");
  }

  /// In the middle, or at the left above other lines.
  void name(const Node& node, const DrawnState& drawn, double x, double y) {
    const std::string text = shortened(node.name, name_most);
    const bool ends = node.final != Final::no;
    const double icon = ends ? mark_width : 0;
    const double wide = name_width(text) + icon;
    const bool left = !drawn.rows.empty() || !node.regions.empty();
    const double begin = x + (left ? padding + (ends ? 4 : 0) : (drawn.width - wide) / 2);
    const double base = y + (left ? 20.0 + (ends ? 2 : 0) : drawn.height / 2 + 4.5);
    if (node.final == Final::success)
      pen_.path("M" + at(begin, base - 4) + "l3.5 4l6 -8.5", "skald-mark-good");
    if (node.final == Final::failure)
      pen_.path("M" + at(begin + 1, base - 8.5) + "l8 8m0 -8l-8 8", "skald-mark-bad");
    pen_.words(begin + icon, base, text, name_width(text), "skald-name");
  }

  void regions(const DrawnState& drawn, double x, double y) {
    for (std::size_t i = 0; i < drawn.regions.size(); ++i) {
      const Scene& inner = drawn.regions[i];
      if (i > 0) {
        const Scene& before = drawn.regions[i - 1];
        const double border = x + (before.x + before.width + inner.x) / 2;
        pen_.path("M" + at(border, y + inner.y - 8) + "V" + number_text(y + drawn.height - 6),
                  "skald-border");
      }
      scene(inner, x, y);
    }
  }

  void loop(const DrawnLoop& loop, double x, double y) {
    const Tone& tone = tone_of(loop.course);
    const double top = y + loop.y, bottom = top + 18;
    pen_.path("M" + at(x, top) + "C" + at(x + loop_reach, top - 4) + " " +
                  at(x + loop_reach, bottom + 4) + " " + at(x + head_length, bottom),
              tone.arrow);
    pen_.head({x, bottom}, 1, 0, tone.head);
    label(loop.label, {x + loop_reach, top}, tone);
  }

  void arrow(const DrawnArrow& arrow, double x, double y) {
    const Tone& tone = tone_of(arrow.course);
    auto points = arrow.path.points;
    for (auto& point : points) point.x += x, point.y += y;
    const Point tip = points.back();
    const double direction = tip.y > points.front().y ? -1 : 1;  // from the tip to where it comes
    for (std::size_t i = points.size() - 2; i < points.size(); ++i)
      points[i].y = tip.y + direction * head_length;
    std::string data = "M" + at(points[0].x, points[0].y);
    for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
      if (i > 0) curve(data, points[i - 1], points[i]);
      if (points[i + 1].y != points[i].y) data += "V" + number_text(points[i + 1].y);
    }
    pen_.raw("<g class=\"skald-transition\">\n");
    pen_.path(data, tone.arrow);
    pen_.head(tip, 0, direction, tone.head);
    label(arrow.label, {arrow.path.label.x + x, arrow.path.label.y + y}, tone);
    pen_.raw("</g>\n");
  }

  static void curve(std::string& data, Point from, Point to) {
    const double middle = (from.y + to.y) / 2;
    if (number_text(from.x) == number_text(to.x)) {
      data += "V" + number_text(to.y);
      return;
    }
    data += "C" + at(from.x, middle) + " " + at(to.x, middle) + " " + at(to.x, to.y);
  }

  void label(const std::vector<TextLine>& lines, Point top_left, const Tone& tone) {
    double base = top_left.y + 12;
    for (const auto& line : lines) {
      pen_.line(top_left.x, base, line, tone.text);
      base += line_height;
    }
  }

  Chart chart_;
  std::vector<Scene> scenes_;
  Pen pen_;
};

}  // namespace

std::string svg(const Definition& definition) { return Artist(definition).run(); }

}  // namespace skald::diagram
