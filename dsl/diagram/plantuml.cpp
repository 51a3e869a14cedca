#include <array>
#include <cstdint>

#include "dsl/diagram/diagram.hpp"
#include "dsl/diagram/state_writer.hpp"
#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

bool is_plain(char32_t c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || c == ' ' || c == '.' || c == ',' || c >= 0x80;
}

/// "<U+0021>": PlantUML shows the character and never reads it, so no name is a directive, a
/// comment, a link, an image or a format.
std::string code_of(char32_t c) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string code = "<U+00";
  const auto value = static_cast<std::uint32_t>(c);
  code += digits[(value >> 4) & 15];
  code += digits[value & 15];
  return code + ">";
}

/// One '-' or '_' between letters and digits means nothing; two are a format.
bool is_hyphen(const std::u32string& all, std::size_t at) {
  const auto alphanumeric = [&](std::size_t i) {
    return i < all.size() && is_plain(all[i]) && all[i] != ' ';
  };
  return (all[at] == '-' || all[at] == '_') && at > 0 && alphanumeric(at - 1) &&
         alphanumeric(at + 1);
}

std::string escaped(const std::string& text) {
  std::string out;
  const auto all = characters(text);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_plain(all[i]) || is_hyphen(all, i))
      append_utf8(out, all[i]);
    else
      out += code_of(all[i]);
  }
  return out.find_first_not_of(' ') == out.npos ? code_of(U' ') : out;
}

class Writer final : StateWriter {
 public:
  explicit Writer(const Definition& definition) : StateWriter(chart_of(definition)) {}

  std::string run() {
    out = "@startuml\n";
    std::string title = escaped(chart.title);
    for (const auto& note : chart.notes) title += "\\n" + escaped(note);
    line("title " + title);
    line("hide empty description");
    const bool several = chart.regions.size() > 1;
    if (several) line("state \"" + escaped(chart.title) + "\" as all {");
    regions(chart.regions);
    if (several) line("}");
    return std::move(out) + "@enduml\n";
  }

 private:
  void state(StateIndex index) override {
    const Node& node = chart.at(index);
    const std::string id = id_of(index);
    const std::string name = (node.final == Final::failure ? "✗ " : "") + node.name;
    line("state \"" + escaped(name) + "\" as " + id + style(node) +
         (node.regions.empty() ? "" : " {"));
    if (!node.regions.empty()) {
      inner(node.regions);
      line("}");
    }
    for (const auto& row : node.rows) line(id + " : " + escaped(text_of(row)));
  }

  static std::string style(const Node& node) {
    if (node.final == Final::failure) return " ##[dashed]B91C1C";
    return node.calls_pivot ? " ##[bold]" : "";
  }

  void arrow(const Arrow& arrow) override {
    static constexpr std::array<const char*, 4> lines{"-->", "-[#B45309,dashed]->",
                                                      "-[#7C3AED,dotted]->", "-[#B91C1C,dotted]->"};
    const std::string text = text_of(arrow);
    line(id_of(arrow.from) + " " + lines[static_cast<std::size_t>(arrow.course)] + " " +
         id_of(arrow.to) + (text.empty() ? "" : " : " + escaped(text)));
  }
};

}  // namespace

std::string plantuml(const Definition& definition) { return Writer(definition).run(); }

}  // namespace skald::diagram
