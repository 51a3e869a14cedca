#include "tests/dsl/diagram_definitions.hpp"

#include <nlohmann/json.hpp>

namespace skald::test {

StateIndex Draft::state(const std::string& name, Final final, std::optional<StateIndex> parent) {
  made.states.push_back({.name = name, .final = final, .parent = parent});
  return static_cast<StateIndex>(made.states.size() - 1);
}

EventIndex Draft::event(const std::string& name) {
  if (const auto known = made.find_event(name)) return *known;
  made.events.push_back(name);
  return static_cast<EventIndex>(made.events.size() - 1);
}

StepIndex Draft::step(const std::string& id, StepKind kind, const std::string& undo) {
  Step step{.id = id, .kind = kind};
  step.call.name = id;
  if (!undo.empty()) step.undo = Operation{.name = undo};
  step.done_event = event(id + "_done");
  step.failed_event = event(id + "_failed");
  made.steps.push_back(std::move(step));
  return static_cast<StepIndex>(made.steps.size() - 1);
}

void Draft::calls(StateIndex state, StepIndex step) {
  made.states[number(state)].on_entry.emplace_back(CallStep{step});
}

Transition& Draft::row(StateIndex from, const std::string& event, std::optional<StateIndex> to,
                       std::vector<Action> actions) {
  Transition row{.source = from, .actions = std::move(actions), .target = to};
  row.trigger = event.empty() ? TriggerKind::always : TriggerKind::event;
  if (!event.empty()) row.event = this->event(event);
  made.transitions.push_back(std::move(row));
  return made.transitions.back();
}

Guard guard(const std::string& text) {
  return {text, [](const SagaView&, const EventView&) { return true; }, true};
}

Definition named(const std::string& name) {
  Draft draft(name);
  const auto a = draft.state(name), b = draft.state(name + "2", Final::failure);
  draft.calls(a, draft.step(name, StepKind::compensatable, name));
  draft.made.initials = {a};
  draft.row(a, name, b, {UnwindAll{}}).guard = guard(name);
  return std::move(draft.made);
}

namespace {

/// Reserving and paying, side by side.
void prepare(Draft& draft, StateIndex preparing) {
  const auto hotel = draft.state("BookingHotel", Final::no, preparing);
  const auto booked = draft.state("HotelBooked", Final::success, preparing);
  const auto risk = draft.state("AssessingRisk", Final::no, preparing);
  const auto fine = draft.state("RiskAccepted", Final::success, preparing);
  draft.made.states[number(preparing)].initials = {hotel, risk};
  draft.calls(hotel, draft.step("book-hotel", StepKind::compensatable, "cancel-hotel"));
  draft.calls(risk, draft.step("assess-risk", StepKind::readonly));
  draft.row(hotel, "book-hotel_done", booked);
  draft.row(risk, "assess-risk_done", fine).guard = guard("event.payload.score < 70");
}

NativeAction sets(const std::string& name) {
  return {"set", {}, Json(nlohmann::json{{"set", {{name, "${event.payload}"}}}})};
}

}  // namespace

std::vector<std::string> hostile_names() {
  std::vector<std::string> names{"",
                                 " ",
                                 "\"",
                                 "\\",
                                 "a\\\"b",
                                 "\n}\n[*] --> s1",
                                 "s0",
                                 "end",
                                 "note left of s0",
                                 "state",
                                 "%%{init: {\"theme\": \"dark\"}}%%",
                                 "style x:#34;",
                                 "classDef a fill:#fff;",
                                 "--",
                                 "---",
                                 "a--b __c__ **d** //e// ~~f~~",
                                 "]]></title><script>alert(1)</script>",
                                 "\" onload=\"alert(1)",
                                 "&lt;&#34;&amp;",
                                 "<b>bold</b><img:http://x/y.png>",
                                 "!include /etc/passwd",
                                 "@enduml",
                                 "' comment",
                                 "/' comment '/",
                                 "\\N \\G \\l",
                                 "[[http://x]]",
                                 "$var %date()",
                                 "\xE2\x80\xAE\xE2\x81\xA6",
                                 "\xFF\xC0\x80\xED\xA0\x80\xF5",
                                 "\xEF\xBF\xBF\xEF\xBB\xBF",
                                 "漢字 Grüße 😀"};
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  names.push_back(std::move(all));
  return names;
}

Definition journey_with_everything() {
  Draft draft("journey");
  auto& made = draft.made;
  made.deadline = std::chrono::hours{48};
  const auto quoting = draft.state("Quoting"), waiting = draft.state("WaitingForApproval");
  const auto preparing = draft.state("Preparing"), paying = draft.state("Paying");
  const auto ticketing = draft.state("Ticketing"), telling = draft.state("TellingCustomer");
  const auto review = draft.state("ManualReview"),
             travelling = draft.state("Travelling", Final::success);
  const auto cancelled = draft.state("Cancelled"), refused = draft.state("Refused", Final::failure);
  made.initials = {quoting};
  prepare(draft, preparing);
  made.signals.push_back({.name = "approved", .event = draft.event("approved")});
  draft.calls(quoting, draft.step("get-quote", StepKind::readonly));
  const auto pay = draft.step("take-payment", StepKind::compensatable, "refund-payment");
  draft.calls(paying, pay);
  draft.calls(ticketing, draft.step("issue-tickets", StepKind::pivot));
  draft.calls(telling, draft.step("send-itinerary", StepKind::retriable));
  draft.calls(cancelled, draft.step("apologise", StepKind::retriable));
  made.states[number(waiting)].on_exit.emplace_back(sets("approvedBy"));
  made.steps[number(pay)].on_exhausted = {OnExhausted::Then::go_to, review};
  draft.row(quoting, "get-quote_done", waiting, {sets("quote")});
  draft.row(quoting, "get-quote_failed", refused);
  draft.row(waiting, "approved", preparing).guard = guard("event.payload.amount <= data.quote");
  draft.row(waiting, "requote", quoting);
  draft.row(waiting, "remind", waiting);
  auto& late = draft.row(waiting, "", refused);
  late.trigger = TriggerKind::after;
  late.timer = Timer{std::chrono::hours{24}, {}};
  draft.row(waiting, "comment", std::nullopt, {sets("comment")});
  draft.row(preparing, "", paying).trigger = TriggerKind::joined;
  draft.row(preparing, "book-hotel_failed", cancelled, {UnwindAll{}});
  draft.row(paying, "take-payment_done", ticketing);
  draft.row(paying, "take-payment_failed", cancelled, {UnwindAll{}});
  draft.row(paying, "fraud_suspected", review, {Park{"a person has to look at the payment"}});
  draft.row(review, "cleared", paying);
  draft.row(review, "rejected", cancelled, {UnwindAll{}});
  draft.row(ticketing, "issue-tickets_done", telling);
  draft.row(ticketing, "issue-tickets_failed", cancelled, {UnwindAll{}});
  draft.row(telling, "send-itinerary_done", travelling);
  draft.row(telling, "send-itinerary_failed", travelling);
  draft.row(cancelled, "apologise_done", refused);
  return std::move(draft.made);
}

}  // namespace skald::test
