#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "dsl/diagram/diagram.hpp"
#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/dsl/diagram_definitions.hpp"

namespace skald::test {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line.substr(std::min(line.find_first_not_of(' '), line.size())));
  return lines;
}

/// How many lines of `text` are `wanted`, without their indent.
auto times(const std::string& text, const std::string& wanted) {
  const auto lines = lines_of(text);
  return std::count(lines.begin(), lines.end(), wanted);
}

/// What a label may consist of after escaping; anything else could mean something to the reader.
const std::string mermaid_label =
    R"(([A-Za-z0-9 _.,/\x80-\xFF]|#[0-9]+;|-(?=[A-Za-z0-9 _.,/\x80-\xFF]))+)";
const std::string plantuml_label =
    R"(([A-Za-z0-9 .,\x80-\xFF]|<U\+00[0-9A-F]{2}>|[-_](?=[A-Za-z0-9.,\x80-\xFF]))+)";

bool all_lines_match(const std::string& text, const std::string& pattern) {
  const std::regex known(pattern);
  for (const auto& line : lines_of(text))
    if (!std::regex_match(line, known)) {
      MESSAGE("not known: ", line);
      return false;
    }
  return true;
}

bool is_mermaid(const std::string& text) {
  return all_lines_match(
      text,
      "---|stateDiagram-v2|title: \"([^\"\\\\]|\\\\[\"\\\\])*\"|classDef .*|class s[0-9]+ "
      "(pivot|failure)|"
      "--|\\}|state \"" +
          mermaid_label + "\" as (s[0-9]+|all)( \\{)?|s[0-9]+ : " + mermaid_label +
          "|(s[0-9]+|\\[\\*\\]) --> (s[0-9]+|\\[\\*\\])( : " + mermaid_label + ")?");
}

bool is_plantuml(const std::string& text) {
  return all_lines_match(
      text, "@startuml|@enduml|hide empty description|title (" + plantuml_label + R"(|\\n)+)" +
                "|--|\\}|state \"" + plantuml_label +
                "\" as (s[0-9]+|all)( ##\\[dashed\\]B91C1C| ##\\[bold\\])?( \\{)?|s[0-9]+ : " +
                plantuml_label +
                "|(s[0-9]+|\\[\\*\\]) (-->|-\\[#[0-9A-F]{6},(dashed|dotted)\\]->) "
                "(s[0-9]+|\\[\\*\\])( : " +
                plantuml_label + ")?");
}

/// Reads DOT far enough to see that strings end, braces match and nothing else stands outside of
/// strings but words, numbers and punctuation.
bool is_dot(const std::string& text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      if (std::string_view("nl\"\\").find(text[++i]) == std::string_view::npos) return false;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      if (c == '\n') return false;
      if (c == '&' && text.substr(i, 5) != "&amp;") return false;
    } else {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (std::string_view("{}[]=,;->_. \n").find(c) == std::string_view::npos &&
          !std::isalnum(static_cast<unsigned char>(c)))
        return false;
    }
  }
  return depth == 0 && !quoted;
}

}  // namespace

TEST_CASE("Mermaid shows states, steps, undos, transitions and ends") {
  const std::string text = diagram::mermaid(*sagas::money_transfer());
  CHECK(is_mermaid(text));
  CHECK(text.starts_with("---\ntitle: \"money-transfer v1\"\n---\nstateDiagram-v2\n"));
  for (const char* const line :
       {"state \"TransferInitiated\" as s0", "s0 : entry / debit-source ⤺ credit-source-back",
        "[*] --> s0", "s0 --> s1 : account_debited", "s1 : entry / credit-target ◆ pivot",
        "s1 --> s4 : account_credit_failed / ⤺ unwind", "s3 --> s5", "s2 --> [*] : ✗ failure",
        "s5 --> [*]", "class s1 pivot", "class s2 failure"})
    CHECK_MESSAGE(times(text, line) == 1, line, "\n", text);
}

TEST_CASE("Graphviz shows composite states as clusters and unwinding as dashes") {
  const std::string text = diagram::dot(*sagas::order_fulfilment());
  CHECK(is_dot(text));
  CHECK(times(text, "subgraph cluster_s0 { label=\"Preparing\"; style=rounded") == 1);
  CHECK(times(text, "subgraph cluster_s0_1 { label=\"\"; style=dashed") == 1);
  CHECK(times(text, "start_top_0 -> s1 [lhead=cluster_s0]") == 1);
  CHECK(text.find("stock_refused / ⤺ unwind\", ltail=cluster_s0, style=dashed") != text.npos);
  CHECK(text.find("create-shipment ⤺ cancel-shipment ◆ pivot") != text.npos);
}

TEST_CASE("PlantUML shows everything a definition can say") {
  const std::string text = diagram::plantuml(journey_with_everything());
  CHECK(is_plantuml(text));
  for (const char* const line :
       {"title journey v1\\ndeadline 2d<U+003A> unwind", "state \"Preparing\" as s2 {", "--",
        "s0 : entry <U+002F> get-quote ○ readonly", "s1 --> s1 : remind", "s1 --> s9 : after 1d",
        "s1 : comment <U+002F> set comment", "s1 : exit <U+002F> set approvedBy",
        "s2 --> s3 : join", "state \"Ticketing\" as s4 ##[bold]", "s7 --> [*]",
        "s9 --> [*] : ✗ failure", "s3 -[#B91C1C,dotted]-> s6 : take-payment stays unknown",
        "s1 --> s2 : signal approved <U+005B>event.payload.amount <U+003C><U+003D> "
        "data.quote<U+005D>",
        "s3 -[#7C3AED,dotted]-> s6 : fraud_suspected <U+002F> park<U+003A> a person has to look at "
        "the payment"})
    CHECK_MESSAGE(times(text, line) == 1, line, "\n", text);
}

TEST_CASE("every state and transition of the model sagas is written once in every format") {
  for (const auto& definition : {*sagas::money_transfer(), *sagas::order_fulfilment()}) {
    const std::string mermaid = diagram::mermaid(definition), uml = diagram::plantuml(definition);
    const std::string dot = diagram::dot(definition);
    CHECK(is_mermaid(mermaid));
    CHECK(is_plantuml(uml));
    CHECK(is_dot(dot));
    for (const auto& state : definition.states) {
      const bool fails = state.final == Final::failure;
      const std::string name = (fails ? "✗ " : "") + state.name;
      for (const auto* text : {&mermaid, &uml}) {
        const auto at = text->find("state \"" + name + "\" as");
        CHECK_MESSAGE(at != text->npos, name);
        CHECK_MESSAGE(text->find("state \"" + name + "\" as", at + 1) == text->npos, name);
      }
      CHECK_MESSAGE(dot.find("label=\"" + name) != dot.npos, name);
    }
    const auto arrows = [](const std::string& text) {
      const auto lines = lines_of(text);
      return std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
        return line.starts_with("s") && line.find("-> s") != line.npos &&
               !line.starts_with("start");
      });
    };
    const auto expected = static_cast<std::ptrdiff_t>(definition.transitions.size());
    CHECK(arrows(mermaid) == expected);
    CHECK(arrows(uml) == expected);
    CHECK(arrows(dot) == expected);
  }
}

TEST_CASE("no name means anything to the reader of a diagram") {
  for (const auto& name : hostile_names()) {
    CAPTURE(name);
    CHECK(is_mermaid(diagram::mermaid(named(name))));
    CHECK(is_plantuml(diagram::plantuml(named(name))));
    CHECK(is_dot(diagram::dot(named(name))));
  }
}

TEST_CASE("names that are no UTF-8, or turn text around, are shown as replaced") {
  CHECK(diagram::mermaid(named("a\xFF"
                               "b"))
            .find("state \"a\xEF\xBF\xBD"
                  "b\"") != std::string::npos);
  CHECK(diagram::mermaid(named("a\xE2\x80\xAE"
                               "b"))
            .find("\"a\xEF\xBF\xBD"
                  "b\"") != std::string::npos);
  CHECK(diagram::dot(named("a\n\t b")).find("label=\"a b") != std::string::npos);
  CHECK(diagram::plantuml(named("Grüße 漢")).find("\"Grüße 漢\"") != std::string::npos);
}

TEST_CASE("several regions at the top level stand side by side") {
  Draft draft("two");
  draft.made.initials = {draft.state("A", Final::success), draft.state("B", Final::success)};
  CHECK(is_mermaid(diagram::mermaid(draft.made)));
  CHECK(times(diagram::mermaid(draft.made), "--") == 1);
  CHECK(times(diagram::plantuml(draft.made), "--") == 1);
  CHECK(diagram::dot(draft.made).find("cluster_top_1") != std::string::npos);
}

}  // namespace skald::test
