#include "dsl/diagram/svg_pen.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + number_text(value) + "\"";
}

std::string class_of(std::string_view classes) { return " class=\"" + std::string(classes) + "\""; }

/// A picture of about 11 by 11 pixels, drawn from its left end at the middle of the line.
struct Picture {
  std::string_view classes;
  std::string_view data;
};

const Picture& picture_of(Mark mark) {
  static constexpr std::array<Picture, 5> pictures{{
      {"", ""},
      {"skald-mark skald-mark-undo", "m4 -4l-3.5 3.5l3.5 3.5m-3 -3.5h6.2a3 3 0 0 1 0 6h-2.7"},
      {"skald-mark-pivot", "m5.5 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z"},
      {"skald-mark", "m9.6 -2.6a4.6 4.6 0 1 0 0.5 3.4m-0.3 -7v3.6h-3.6"},
      {"skald-mark",
       "m0.6 0q4.9 -6.4 9.8 0q-4.9 6.4 -9.8 0m3.3 0a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 "
       "-3.2 0"},
  }};
  return pictures[static_cast<std::size_t>(mark)];
}

}  // namespace

std::string number_text(double value) {
  double rounded = std::round(value * 10) / 10;
  if (rounded == 0) rounded = 0;  // no "-0"
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), rounded,
                                 std::chars_format::fixed, 1)
                       .ptr;
  std::string text(buffer.data(), end);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string escaped_xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view style_sheet() {
  return R"(
.skald-ground{fill:#ffffff}
.skald-box{fill:#f8fafc;stroke:#64748b;stroke-width:1.2}
.skald-inner{fill:none;stroke:#64748b;stroke-width:1}
.skald-composite{fill:#f1f5f9;stroke:#64748b;stroke-width:1.2}
.skald-border{fill:none;stroke:#94a3b8;stroke-dasharray:5 4}
.skald-good{stroke:#15803d}
.skald-bad{stroke:#b91c1c}
.skald-pivot{stroke:#1d4ed8;stroke-width:2.4}
.skald-title{fill:#0f172a;font-size:15px;font-weight:600}
.skald-name{fill:#0f172a;font-size:13px;font-weight:600}
.skald-text{fill:#1e293b;font-size:11.5px}
.skald-muted{fill:#52617a;font-size:11.5px}
.skald-arrow{fill:none;stroke:#475569;stroke-width:1.3}
.skald-head{fill:#475569;stroke:none}
.skald-unwind{stroke:#b45309;stroke-dasharray:6 4}
.skald-unwind-text{fill:#b45309;font-size:11.5px}
.skald-park{stroke:#7c3aed;stroke-dasharray:2 3}
.skald-park-text{fill:#7c3aed;font-size:11.5px}
.skald-exhausted{stroke:#b91c1c;stroke-dasharray:2 3}
.skald-exhausted-text{fill:#b91c1c;font-size:11.5px}
.skald-start{fill:#475569}
.skald-mark{fill:none;stroke:#52617a;stroke-width:1.4}
.skald-mark-undo{stroke:#b45309}
.skald-mark-pivot{fill:#1d4ed8}
.skald-mark-good{fill:none;stroke:#15803d;stroke-width:2}
.skald-mark-bad{fill:none;stroke:#b91c1c;stroke-width:2}
@media (prefers-color-scheme:dark){
.skald-ground{fill:#0f172a}
.skald-box{fill:#1e293b;stroke:#94a3b8}
.skald-inner{stroke:#94a3b8}
.skald-composite{fill:#172033;stroke:#94a3b8}
.skald-border{stroke:#64748b}
.skald-good{stroke:#4ade80}
.skald-bad{stroke:#f87171}
.skald-pivot{stroke:#60a5fa}
.skald-title,.skald-name{fill:#f1f5f9}
.skald-text{fill:#dbe3ee}
.skald-muted{fill:#a3b1c6}
.skald-arrow{stroke:#a3b1c6}
.skald-head,.skald-start{fill:#a3b1c6}
.skald-unwind{stroke:#fbbf24}
.skald-unwind-text{fill:#fbbf24}
.skald-park{stroke:#c4b5fd}
.skald-park-text{fill:#c4b5fd}
.skald-exhausted{stroke:#f87171}
.skald-exhausted-text{fill:#f87171}
.skald-mark{stroke:#a3b1c6}
.skald-mark-undo{stroke:#fbbf24}
.skald-mark-pivot{fill:#60a5fa}
.skald-mark-good{stroke:#4ade80}
.skald-mark-bad{stroke:#f87171}
}
)";
}

void Pen::rect(double x, double y, double width, double height, double radius,
               std::string_view classes) {
  out_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
          attribute("height", height) + attribute("rx", radius) + class_of(classes) + "/>\n";
}

void Pen::path(std::string_view data, std::string_view classes) {
  out_ += "<path d=\"" + std::string(data) + "\"" + class_of(classes) + "/>\n";
}

void Pen::circle(Point middle, double radius, std::string_view classes) {
  out_ += "<circle" + attribute("cx", middle.x) + attribute("cy", middle.y) +
          attribute("r", radius) + class_of(classes) + "/>\n";
}

void Pen::words(double x, double y, std::string_view words, double width,
                std::string_view classes) {
  out_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("textLength", width) +
          " lengthAdjust=\"spacingAndGlyphs\"" + class_of(classes) + ">" + escaped_xml(words) +
          "</text>\n";
}

void Pen::line(double x, double y, const TextLine& line, const std::string& tone) {
  for (const auto& span : line) {
    if (span.mark != Mark::none) mark(x, y - 4, span.mark);
    const double indent = span.mark == Mark::none ? 0 : mark_width;
    const double width = diagram::width_of(span);
    words(x + indent, y, span.text, width - indent, span.muted ? "skald-muted" : tone);
    x += width + span_gap;
  }
}

void Pen::mark(double x, double y, Mark mark) {
  const Picture& picture = picture_of(mark);
  path("M" + number_text(x) + " " + number_text(y) + std::string(picture.data), picture.classes);
}

void Pen::head(Point tip, double dx, double dy, std::string_view classes) {
  constexpr double length = 8, half = 3.6;
  const auto point = [](double x, double y) { return number_text(x) + " " + number_text(y); };
  path("M" + point(tip.x, tip.y) + "L" +
           point(tip.x + dx * length - dy * half, tip.y + dy * length + dx * half) + "L" +
           point(tip.x + dx * length + dy * half, tip.y + dy * length - dx * half) + "Z",
       classes);
}

}  // namespace skald::diagram
