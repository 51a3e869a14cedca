#include "dsl/diagram/chart.hpp"
#include "dsl/diagram/diagram.hpp"
#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

/// For a quoted string that is a label: backslashes are escapes there, and entities are read.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
    if (c == '&') out += "amp;";
  }
  return out;
}

std::string number_of(StateIndex state) { return std::to_string(number(state)); }

class Writer {
 public:
  explicit Writer(const Definition& definition) : chart_(chart_of(definition)) {}

  std::string run() {
    out_ = "digraph {\n";
    std::string label = escaped(chart_.title);
    for (const auto& note : chart_.notes) label += "\\n" + escaped(note);
    line("graph [label=\"" + label + "\", labelloc=t, compound=true, fontname=\"sans-serif\"]");
    line("node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11]");
    line("edge [fontname=\"sans-serif\", fontsize=10]");
    regions(chart_.regions, "top");
    for (const auto& arrow : chart_.arrows) this->arrow(arrow);
    return std::move(out_) + "}\n";
  }

 private:
  void line(const std::string& text) { out_.append(2 * depth_, ' ').append(text).append("\n"); }

  void regions(const std::vector<Region>& regions, const std::string& owner) {
    for (std::size_t i = 0; i < regions.size(); ++i) {
      const std::string name = owner + "_" + std::to_string(i);
      const bool boxed = regions.size() > 1;
      if (boxed) line("subgraph cluster_" + name + " { label=\"\"; style=dashed");
      if (boxed) ++depth_;
      for (const StateIndex state : regions[i].states) this->state(state);
      line("start_" + name + " [shape=" + (regions[i].history ? "circle" : "point") + ", label=\"" +
           (regions[i].history ? "H" : "") + "\"]");
      line("start_" + name + " -> " + ends("", regions[i].initial));
      if (boxed) --depth_;
      if (boxed) line("}");
    }
  }

  void state(StateIndex index) {
    const Node& node = chart_.at(index);
    const std::string id = number_of(index);
    if (node.regions.empty())
      return line("s" + id + " [label=\"" + label(node) + "\"" + style(node) + "]");
    line("subgraph cluster_s" + id + " { label=\"" + label(node) + "\"; style=rounded" +
         (node.final == Final::failure ? "; color=\"#b91c1c\"" : ""));
    ++depth_;
    regions(node.regions, "s" + id);
    --depth_;
    line("}");
  }

  static std::string label(const Node& node) {
    std::string text = (node.final == Final::failure ? "✗ " : "") + escaped(node.name);
    for (std::size_t i = 0; i < node.rows.size(); ++i)
      text += (i == 0 ? "\\n" : "") + escaped(text_of(node.rows[i])) + "\\l";
    return text;
  }

  static std::string style(const Node& node) {
    std::string text;
    if (node.final != Final::no) text += ", peripheries=2";
    if (node.final == Final::failure) text += ", color=\"#b91c1c\"";
    if (node.calls_pivot) text += ", penwidth=2.5";
    return text;
  }

  /// The simple state that stands for `state` at an end of an edge: edges join nodes, not clusters.
  StateIndex leaf(StateIndex state) const {
    while (!chart_.at(state).regions.empty()) state = chart_.at(state).regions.front().initial;
    return state;
  }

  /// "s3 -> s5" with the attributes that clip it at the borders of composite states.
  std::string ends(const std::string& more, StateIndex to) const {
    std::string attributes = more;
    if (!chart_.at(to).regions.empty())
      attributes += (attributes.empty() ? "" : ", ") + ("lhead=cluster_s" + number_of(to));
    return "s" + number_of(leaf(to)) + (attributes.empty() ? "" : " [" + attributes + "]");
  }

  void arrow(const Arrow& arrow) {
    std::string attributes = "label=\"" + escaped(text_of(arrow)) + "\"";
    if (!chart_.at(arrow.from).regions.empty())
      attributes += ", ltail=cluster_s" + number_of(arrow.from);
    if (arrow.course == Course::unwind)
      attributes += ", style=dashed, color=\"#b45309\", fontcolor=\"#b45309\"";
    if (arrow.course == Course::park)
      attributes += ", style=dotted, color=\"#7c3aed\", fontcolor=\"#7c3aed\"";
    if (arrow.course == Course::exhausted) attributes += ", style=dotted, color=\"#b91c1c\"";
    line("s" + number_of(leaf(arrow.from)) + " -> " + ends(attributes, arrow.to));
  }

  Chart chart_;
  std::string out_;
  std::size_t depth_ = 1;
};

}  // namespace

std::string dot(const Definition& definition) { return Writer(definition).run(); }

}  // namespace skald::diagram
