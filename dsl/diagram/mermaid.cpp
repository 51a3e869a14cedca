#include <nlohmann/json.hpp>

#include "dsl/diagram/diagram.hpp"
#include "dsl/diagram/state_writer.hpp"
#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

/// Whether `c` means nothing to Mermaid anywhere in a label.
bool is_plain(char32_t c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || c == ' ' || c == '_' || c == '.' || c == ',' || c == '/' || c >= 0x80;
}

/// One '-' between letters means nothing; two may be an arrow.
bool is_hyphen(const std::u32string& all, std::size_t at) {
  return all[at] == '-' && at > 0 && at + 1 < all.size() && is_plain(all[at - 1]) &&
         is_plain(all[at + 1]);
}

/// Everything with a meaning becomes a character code of Mermaid (#34;), which it shows as the
/// character and never reads.
std::string escaped(const std::string& text) {
  std::string out;
  const auto all = characters(text);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_plain(all[i]) || is_hyphen(all, i))
      append_utf8(out, all[i]);
    else
      out.append("#").append(std::to_string(static_cast<std::uint32_t>(all[i]))).append(";");
  }
  return out.find_first_not_of(' ') == out.npos ? "#8203;" : out;
}

class Writer final : StateWriter {
 public:
  explicit Writer(const Definition& definition) : StateWriter(chart_of(definition)) {}

  std::string run() {
    // A JSON string is a YAML string that nothing can break out of.
    out = "---\ntitle: " + nlohmann::json(heading()).dump() + "\n---\nstateDiagram-v2\n";
    out += "  classDef pivot stroke-width:3px\n  classDef failure stroke-dasharray:4 3\n";
    const bool several = chart.regions.size() > 1;
    if (several) line("state \"" + escaped(chart.title) + "\" as all {");
    several ? inner(chart.regions) : regions(chart.regions);
    if (several) line("}");
    classes();
    return std::move(out);
  }

 private:
  std::string heading() const {
    std::string text = chart.title;
    for (const auto& note : chart.notes) text += " · " + note;
    return text;
  }

  /// The lines of a composite state go behind its name: Mermaid shows no others there.
  void state(StateIndex index) override {
    const Node& node = chart.at(index);
    const std::string name = (node.final == Final::failure ? "✗ " : "") + node.name;
    if (node.regions.empty()) {
      line("state \"" + escaped(name) + "\" as " + id_of(index));
      for (const auto& row : node.rows) line(id_of(index) + " : " + escaped(text_of(row)));
      return;
    }
    std::string text = name;
    for (const auto& row : node.rows) text += " · " + text_of(row);
    line("state \"" + escaped(text) + "\" as " + id_of(index) + " {");
    inner(node.regions);
    line("}");
  }

  void arrow(const Arrow& arrow) override {
    const std::string text = text_of(arrow);
    line(id_of(arrow.from) + " --> " + id_of(arrow.to) +
         (text.empty() ? "" : " : " + escaped(text)));
  }

  void classes() {
    for (std::size_t i = 0; i < chart.nodes.size(); ++i) {
      const Node& node = chart.nodes[i];
      const std::string id = id_of(static_cast<StateIndex>(i));
      if (node.calls_pivot && node.regions.empty()) line("class " + id + " pivot");
      if (node.final == Final::failure && node.regions.empty()) line("class " + id + " failure");
    }
  }
};

}  // namespace

std::string mermaid(const Definition& definition) { return Writer(definition).run(); }

}  // namespace skald::diagram
