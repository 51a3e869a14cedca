#include <algorithm>

#include "dsl/diagram/figure.hpp"
#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

constexpr std::size_t word_most = 44;  // characters of a step or event
constexpr std::size_t line_most = 32;  // characters of a line of a guard
constexpr std::size_t lines_most = 4;  // lines of a guard
constexpr double row_widest = 270;     // pixels: a row that fits stays on one line
constexpr double label_widest = 165;   // the same for the label of an arrow

Span span(const std::string& text, bool muted = false) {
  return {Mark::none, shortened(text, word_most), muted};
}

TextLine line_of(const StepLabel& step) {
  TextLine line{span(step.id)};
  if (step.kind == StepKind::pivot) line.push_back({Mark::pivot, "pivot"});
  if (!step.undo.empty()) line.push_back({Mark::undo, shortened(step.undo, word_most), true});
  if (step.kind == StepKind::retriable) line.push_back({Mark::retriable, "retriable", true});
  if (step.kind == StepKind::readonly) line.push_back({Mark::readonly, "readonly", true});
  if (!step.more.empty()) line.push_back(span("(" + step.more + ")", true));
  return line;
}

TextLine line_of(const ActionLabel& action) {
  static constexpr std::string_view undo_sign = "⤺ ";
  if (action.step) return line_of(*action.step);
  if (!action.words.starts_with(undo_sign)) return {span(action.words)};
  return {{Mark::undo, action.words.substr(undo_sign.size())}};
}

/// The event and the guard begin lines of their own.
std::vector<TextLine> label_lines(const std::string& label) {
  std::vector<TextLine> lines;
  const auto guard = label.find(" [");
  for (const auto& part :
       {label.substr(0, guard), guard == label.npos ? std::string{} : label.substr(guard + 1)})
    for (auto& text : wrapped(part, line_most)) {
      if (text.empty()) continue;
      if (lines.size() < lines_most)
        lines.push_back({{Mark::none, std::move(text)}});
      else if (!lines.back().front().text.ends_with("…"))
        lines.back().front().text += " …";
    }
  return lines;
}

/// On lines of its own, behind a slash.
std::vector<TextLine> action_lines(const ActionLabel& action) {
  std::vector<TextLine> lines{line_of(action)};
  if (width_of(lines.front()) > label_widest && lines.front().size() == 1) {
    lines.clear();
    for (auto& text : wrapped(action.words, line_most)) lines.push_back({span(text)});
    if (lines.size() > lines_most) {
      lines.resize(lines_most);
      lines.back().front().text += " …";
    }
  }
  lines.front().insert(lines.front().begin(), {Mark::none, "/", true});
  return lines;
}

/// A label such as "paid [rich]" with the actions behind it, on one line where it fits.
std::vector<TextLine> joined(const std::string& label, const std::vector<ActionLabel>& actions,
                             double widest) {
  TextLine all;
  if (!label.empty()) all.push_back({Mark::none, label});
  for (std::size_t i = 0; i < actions.size(); ++i) {
    all.push_back({Mark::none, i == 0 ? "/" : ",", true});
    for (auto& part : line_of(actions[i])) all.push_back(std::move(part));
  }
  if (width_of(all) <= widest) return {all};
  std::vector<TextLine> lines = label_lines(label);
  for (const auto& action : actions)
    for (auto& line : action_lines(action)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

double name_width(const std::string& name) { return width_of(name) * name_size * 1.07; }

double width_of(const Span& span) {
  return (span.mark == Mark::none ? 0 : mark_width) + width_of(span.text) * text_size;
}

double width_of(const TextLine& line) {
  double width = 0;
  for (const auto& span : line) width += width_of(span) + (&span == &line.front() ? 0 : span_gap);
  return width;
}

std::vector<TextLine> lines_of(const Row& row) {
  if (row.when != Row::When::entry) return joined(row.label, row.actions, row_widest);
  std::vector<TextLine> lines;
  for (const auto& action : row.actions) lines.push_back(line_of(action));
  return lines;
}

std::vector<TextLine> lines_of(const Arrow& arrow, const std::string& from, const std::string& to) {
  auto lines = joined(arrow.label, arrow.actions, label_widest);
  if (!from.empty()) lines.insert(lines.begin(), {span("from " + from, true)});
  if (!to.empty()) lines.push_back({span("to " + to, true)});
  std::erase_if(lines, [](const TextLine& line) { return line.empty(); });
  return lines;
}

}  // namespace skald::diagram
