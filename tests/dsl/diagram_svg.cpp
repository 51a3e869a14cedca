#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "dsl/diagram/diagram.hpp"
#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/dsl/diagram_definitions.hpp"
#include "tests/dsl/diagram_xml.hpp"

namespace skald::test {

namespace {

XmlDocument picture(const Definition& definition) {
  const std::string text = diagram::svg(definition);
  XmlDocument document(text);
  CHECK_MESSAGE(document.problem.empty(), document.problem, " of\n", text);
  CHECK(text == diagram::svg(definition));
  return document;
}

std::map<std::string, int> words_in(const XmlDocument& document) {
  std::map<std::string, int> words;
  for (std::size_t i = 1; i < document.parts.size(); ++i)
    if (document.parts[i - 1].name == "text") ++words[document.parts[i].text];
  return words;
}

std::vector<std::string> states_in(const XmlDocument& document) {
  std::vector<std::string> names;
  for (const auto& part : document.parts)
    if (part.attribute("class") == "skald-state") names.push_back(part.attribute("data-state"));
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> states_of(const Definition& definition) {
  std::vector<std::string> names;
  for (const auto& state : definition.states) names.push_back(state.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::size_t count(const XmlDocument& document, std::string_view classes) {
  return static_cast<std::size_t>(
      std::count_if(document.parts.begin(), document.parts.end(),
                    [&](const XmlPart& part) { return part.attribute("class") == classes; }));
}

}  // namespace

TEST_CASE("an SVG picture has every state and every event of the model sagas once") {
  for (const auto& definition : {*sagas::money_transfer(), *sagas::order_fulfilment()}) {
    const auto document = picture(definition);
    CHECK(states_in(document) == states_of(definition));
    std::map<std::string, int> expected;
    for (const auto& transition : definition.transitions)
      if (transition.trigger == TriggerKind::event) ++expected[definition.at(transition.event)];
    auto words = words_in(document);
    for (const auto& [event, times] : expected) CHECK_MESSAGE(words[event] == times, event);
    for (const auto& step : definition.steps) {
      CHECK_MESSAGE(words[step.id] == 1, step.id);
      if (step.undo) CHECK_MESSAGE(words[step.undo->name] == 1, step.undo->name);
    }
  }
}

TEST_CASE("an SVG picture shows everything a definition can say") {
  const Definition definition = journey_with_everything();
  const auto document = picture(definition);
  CHECK(states_in(document) == states_of(definition));
  auto words = words_in(document);
  for (const char* const word :
       {"journey v1", "deadline 2d: unwind", "get-quote", "take-payment", "refund-payment", "pivot",
        "remind", "after 1d", "comment", "set comment", "exit", "set approvedBy", "join",
        "signal approved", "cleared", "take-payment stays unknown", "fraud_suspected"})
    CHECK_MESSAGE(words[word] == 1, word);
  CHECK(words["readonly"] == 2);
  CHECK(words["retriable"] == 2);
  CHECK(words["unwind"] == 4);
  CHECK(count(document, "skald-arrow skald-unwind") == 4);
  CHECK(count(document, "skald-arrow skald-park") == 1);
  CHECK(count(document, "skald-arrow skald-exhausted") == 1);
  CHECK(count(document, "skald-box skald-pivot") == 1);
  CHECK(count(document, "skald-box skald-good") == 3);
  CHECK(count(document, "skald-box skald-bad") == 1);
  CHECK(count(document, "skald-composite") == 1);
  CHECK(count(document, "skald-start") == 3);
  // Without the loop and the internal one, and the two of TellingCustomer share one; but with that
  // of the step that stays unknown and three beginnings.
  CHECK(count(document, "skald-transition") == definition.transitions.size() - 3 + 4);
}

TEST_CASE("an SVG picture says what it is to those who do not see it") {
  const auto document = picture(*sagas::money_transfer());
  CHECK(document.parts.at(0).name == "svg");
  CHECK(document.parts.at(0).attribute("role") == "img");
  CHECK(document.parts.at(0).attribute("aria-label") == "State diagram of money-transfer v1");
  CHECK(document.parts.at(1).name == "title");
  CHECK(document.parts.at(2).text == "money-transfer v1");
  CHECK(document.parts.at(4).text.find("SourceAccountDebited + account_credit_failed / ⤺ unwind = "
                                       "SourceAccountCreditedBack") != std::string::npos);
}

TEST_CASE("no name gets out of its place in an SVG picture") {
  for (const auto& name : hostile_names()) {
    const auto document = picture(named(name));
    for (const auto& part : document.parts) {
      CHECK_MESSAGE(part.name != "script", name);
      for (const auto& [key, value] : part.attributes) CHECK_MESSAGE(!key.starts_with("on"), name);
    }
    CHECK(states_in(document).size() == 2);
  }
}

TEST_CASE("the size of a picture stays in bounds for large definitions and long names") {
  Draft draft("large");
  for (int i = 0; i < 2'000; ++i) draft.state("S" + std::to_string(i));
  draft.made.states.back().final = Final::success;
  draft.made.initials = {StateIndex{0}};
  for (std::uint16_t i = 0; i + 1 < 2'000; ++i) {
    draft.row(StateIndex{i}, "next" + std::to_string(i), static_cast<StateIndex>(i + 1));
    draft.row(StateIndex{i}, "quit" + std::to_string(i), StateIndex{1'999});
  }
  const auto document = picture(draft.made);
  CHECK(states_in(document).size() == 2'000);
  auto words = words_in(document);
  CHECK(words["next77"] == 1);
  CHECK(words["→ S78"] == 1);
  CHECK(words["→ S1999"] >= 1'998);
  const auto wide = picture(named(std::string(100'000, 'W')));
  CHECK(std::stod(wide.parts.at(0).attribute("width")) < 2'000);
}

}  // namespace skald::test
