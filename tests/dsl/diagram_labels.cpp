#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "dsl/diagram/chart.hpp"
#include "dsl/diagram/text.hpp"
#include "tests/dsl/diagram_definitions.hpp"

namespace skald::test {

namespace {

std::string label_of(const Transition& transition, const Definition& definition) {
  Definition one = definition;
  one.transitions = {transition};
  return text_of(diagram::chart_of(one).arrows.at(0));
}

Value written(const nlohmann::json& source) {
  return {[](const SagaView&, const EventView&) { return nlohmann::json(); }, Json(source)};
}

std::string step_text(Step step) {
  Draft draft("d");
  draft.made.states.resize(1);
  draft.made.initials = {StateIndex{0}};
  draft.made.steps.push_back(std::move(step));
  draft.calls(StateIndex{0}, StepIndex{0});
  return text_of(diagram::chart_of(draft.made).nodes.at(0).rows.at(0));
}

}  // namespace

TEST_CASE("a label tells what sets a transition off and what it does") {
  Draft draft("d");
  const auto a = draft.state("A"), b = draft.state("B");
  draft.made.initials = {a};
  draft.made.states[0].join = 2;
  draft.made.states[0].initials = {b, b, b};
  Transition row = draft.row(a, "paid", b);
  CHECK(label_of(row, draft.made) == "paid");
  row.guard = guard("rich");
  row.actions = {RaiseEvent{row.event, {}}, DeferEvent{}, Park{}, UnwindAll{},
                 NativeAction{"count", {}, Json()}};
  CHECK(label_of(row, draft.made) == "paid [rich] / raise paid, defer, park, ⤺ unwind, count");
  row.actions.clear();
  row.trigger = TriggerKind::always;
  CHECK(label_of(row, draft.made) == "[rich]");
  row.guard.reset();
  CHECK(label_of(row, draft.made).empty());
  row.trigger = TriggerKind::joined;
  CHECK(label_of(row, draft.made) == "join 2 of 3");
  row.trigger = TriggerKind::any_event;
  CHECK(label_of(row, draft.made) == "any event");
  row.trigger = TriggerKind::unexpected;
  CHECK(label_of(row, draft.made) == "unexpected paid");
  row.any = true;
  CHECK(label_of(row, draft.made) == "unexpected");
  row.trigger = TriggerKind::after;
  row.timer = Timer{Duration{90'000}, {}};
  CHECK(label_of(row, draft.made) == "after 1m30s");
  row.timer = Timer{{}, written("${input.due}")};
  CHECK(label_of(row, draft.made) == "after ${input.due}");
}

TEST_CASE("a step tells its undo, its kind and what it does beside") {
  Step step{.id = "ship"};
  step.undo = Operation{.name = "take-back"};
  CHECK(step_text(step) == "entry / ship ⤺ take-back");
  step.kind = StepKind::pivot;
  step.undo.reset();
  CHECK(step_text(step) == "entry / ship ◆ pivot");
  step.kind = StepKind::compensatable;
  step.no_undo_reason = "it expires";
  step.for_each = ForEach{{}, 4};
  step.call.target = ChildTarget{"shipping", 2};
  CHECK(step_text(step) ==
        "entry / ship (saga shipping, for each, 4 at once, no undo: it expires)");
  step.for_each.reset();
  step.no_undo_reason.clear();
  step.call.target = PublishTarget{"orders"};
  CHECK(step_text(step) == "entry / ship (publishes orders)");
}

TEST_CASE("texts are cut, broken and measured by characters, not by bytes") {
  CHECK(diagram::shortened("äöü", 3) == "äöü");
  CHECK(diagram::shortened("äöüß", 3) == "äö…");
  CHECK(diagram::wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(diagram::wrapped("ääääää", 4) == std::vector<std::string>{"ääää", "ää"});
  CHECK(diagram::wrapped("", 4) == std::vector<std::string>{""});
  CHECK(diagram::width_of("W") > diagram::width_of("i"));
  CHECK(diagram::width_of("漢") == 1.0);
  CHECK(diagram::one_line(" a \t\n b ") == "a b");
}

}  // namespace skald::test
