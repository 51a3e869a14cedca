#include "engine/testing/world.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace skald::testing {

namespace {

using nlohmann::json;

/// The request's body with an id, as most services answer.
Json echo(const Step& step, const Call& call) {
  const json& body = call.body.value();
  json output = body.is_object() ? body : json::object();
  if (!body.is_object() && !body.is_null()) output["body"] = body;
  output["id"] = step.id + "-" + std::to_string(call.run);
  return Json(output);
}

Unknown unknown(const char* reason, const Fate& fate, bool possibly_executed = true) {
  return {reason, fate.retry_after, possibly_executed};
}

Failed refusal(const Fate& fate) {
  return {fate.code, "refused by the script", false, fate.details};
}

}  // namespace

std::string_view name_of(Fate::Kind kind) {
  static constexpr std::array<std::string_view, 10> names{
      "done",        "refused", "defect", "lost", "unheard",
      "unreachable", "working", "twice",  "late", "slow"};
  return names[static_cast<std::size_t>(kind)];
}

Deed& World::deed(const Call& call) {
  Deed& found = deeds_[{call.step, call.run}];
  found.step = call.step;
  found.run = call.run;
  return found;
}

Fate World::fate(const Call& call) {
  const Attempt attempt{definition_.at(call.step), call, ++attempts_[{call.step, call.phase}]};
  if (healed_ || !options_.script) return {};
  return options_.script(attempt);
}

Json World::output(const Call& call, const Fate& fate) const {
  if (fate.answered) return fate.output;
  const Step& step = definition_.at(call.step);
  const auto given = options_.outputs.find(step.id);
  return given == options_.outputs.end() ? echo(step, call) : given->second;
}

/// A request of a forward call has arrived.
void World::execute(Deed& deed, const Call& call, const Fate& fate) {
  ++deed.calls;
  const bool known = deed.refused || deed.shut || deed.effects > 0;
  if (options_.barrier && known) return;
  ++deed.effects;
  deed.stands = true;
  deed.output = output(call, fate);
  deed.outcome = fate.outcome;
}

/// A request of an undo has arrived. One for a call that was never seen keeps it out for ever.
void World::undo(Deed& deed) const {
  ++deed.undos;
  if (deed.stands || (!options_.barrier && deed.effects > 0)) ++deed.undone;
  deed.stands = false;
  if (options_.barrier) deed.shut = true;
}

/// What the participant answers once it has made up its mind: always the same.
Outcome World::settled(const Deed& deed, const Call& call) const {
  if (call.phase == Phase::undo) return Done{Json(json{{"id", "undone"}})};
  if (deed.stands) return Done{deed.output, deed.outcome};
  return Failed{"refused", deed.refused ? "refused before" : "undone before", false, {}};
}

/// One that says no keeps its word: the call is kept out from now on.
Outcome World::probed(Deed& deed) const {
  if (deed.stands) return Done{deed.output, deed.outcome};
  if (options_.barrier) deed.shut = true;
  return Failed{"not_found", "there is no such call", false, {}};
}

World::Told World::answer(const Call& call) {
  Deed& known = deed(call);
  const bool undoing = call.phase == Phase::undo;
  if (!undoing) known.body = call.body;
  if (!undoing) known.address = call.address;
  const Fate fate = this->fate(call);
  const auto arrives = [&] { undoing ? undo(known) : execute(known, call, fate); };
  const bool probing = call.phase == Phase::probe;
  const auto truth = [&] { return probing ? probed(known) : settled(known, call); };
  switch (fate.kind) {
    case Fate::Kind::refused:
      // Who has done it already does not refuse it now.
      if (probing || (!undoing && known.stands)) return {truth()};
      if (!undoing) known.refused = true;
      return {refusal(fate)};
    case Fate::Kind::defect:
      return {Failed{"http_400", "HTTP 400", true, fate.details}};
    case Fate::Kind::unheard:
      if (!undoing && !probing) known.loose = true;
      return {unknown("timeout", fate)};
    case Fate::Kind::unreachable:
      return {unknown("connection refused", fate, false)};
    case Fate::Kind::lost:
    case Fate::Kind::late:
      if (!probing) arrives();
      if (fate.kind == Fate::Kind::lost) return {unknown("the reply was lost", fate)};
      return {unknown("timeout", fate), false, truth()};
    case Fate::Kind::working:
      if (!probing) arrives();
      return {StillWorking{fate.retry_after}};
    case Fate::Kind::twice:
      if (!probing) arrives();
      break;
    case Fate::Kind::done:
    case Fate::Kind::slow:
      break;
  }
  if (!probing) arrives();
  return {truth(), fate.kind == Fate::Kind::twice, std::nullopt, fate.kind == Fate::Kind::slow};
}

void World::arrive(const Call& call) {
  if (call.phase == Phase::probe) return;
  Deed& known = deed(call);
  if (call.phase == Phase::undo) return undo(known);
  known.body = call.body;
  execute(known, call, {});
}

void World::by_hand(const Call& call, Skip::As as) {
  Deed& known = deed(call);
  if (as == Skip::As::done) return arrive(call);
  if (as == Skip::As::failed) known.shut = true;
}

void World::stop_child(StepIndex step, std::uint32_t run) {
  const auto found = deeds_.find({step, run});
  if (found == deeds_.end()) return;
  if (found->second.stands) ++found->second.undone;
  found->second.stands = false;
  found->second.shut = true;
}

void World::arrive_loose() {
  for (auto& [key, deed] : deeds_) {
    if (!deed.loose) continue;
    deed.loose = false;
    Call call{.step = key.first, .run = key.second, .body = deed.body, .address = deed.address};
    execute(deed, call, {});
  }
}

void World::heal() {
  healed_ = true;
  for (auto& [key, deed] : deeds_)
    if (!deed.loose) deed.refused = false;
}

}  // namespace skald::testing
