#include "engine/testing/run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/input.hpp"
#include "engine/core/resume.hpp"
#include "engine/core/status.hpp"
#include "engine/testing/sample.hpp"

namespace skald::testing {

namespace {

/// The middle of its range: no jitter.
constexpr std::uint64_t entropy = std::uint64_t{1} << 63;

bool same_run(const Call& a, const Call& b) {
  return a.step == b.step && a.run == b.run && a.phase == b.phase;
}

/// A signal that leads out of an active state.
struct Awaited {
  const Signal* signal;
  bool unwinds;
};

bool unwinds(const Transition& transition) {
  return std::any_of(transition.actions.begin(), transition.actions.end(),
                     [](const auto& action) { return std::holds_alternative<UnwindAll>(action); });
}

/// In the order of the table.
std::vector<Awaited> awaited(const Definition& definition, const Instance& saga) {
  std::vector<Awaited> signals;
  for (const auto& transition : definition.transitions) {
    if (transition.trigger != TriggerKind::event || !transition.target) continue;
    const Signal* signal = definition.find_signal(definition.at(transition.event));
    if (signal == nullptr || signal->event != transition.event) continue;
    for (const StateIndex leaf : saga.active)
      for (std::optional<StateIndex> at = leaf; at; at = definition.at(*at).parent)
        if (*at == transition.source) signals.push_back({signal, unwinds(transition)});
  }
  return signals;
}

}  // namespace

Run::Run(const Definition& definition, Options options)
    : definition_(definition),
      options_(std::move(options)),
      world_(definition, options_.world),
      judge_(definition),
      now_(options_.start) {
  saga_.id = SagaId{"saga-1"};
  saga_.definition = definition.ref;
  saga_.input = options_.input;
  saga_.business_key = business_key_of(definition, saga_.input);
  saga_.tags = tags_of(definition, saga_.input);
  send({Start{}, entropy});
}

bool Run::move() {
  if (is_end(saga_.status)) return false;
  if (answer()) return true;
  if (!saga_.locked && saga_.stuck_reason.empty()) return send({Locked{}, entropy}).changed;
  // What unwinds is not the way to try everything on, as long as there is another.
  return answer_slow() || signal(false) || pass() || signal(true);
}

bool Run::answer_slow() {
  const auto due =
      std::find_if(slow_.begin(), slow_.end(), [&](const Slow& slow) { return slow.due <= now_; });
  if (due == slow_.end()) return false;
  const Slow slow = std::move(*due);
  slow_.erase(due);
  reply(slow.call, slow.outcome);
  return true;
}

bool Run::answer() {
  if (in_flight_.empty()) return false;
  const Call call = in_flight_.front();
  in_flight_.pop_front();
  const auto told = world_.answer(call);
  if (told.slow) {
    // Just before the attempt would count as lost.
    const Duration longest = definition_.at(call.step).timeout - Duration{1};
    slow_.push_back({call, told.outcome, now_ + std::max(longest, Duration{0})});
    return true;
  }
  if (told.later) late_.emplace_back(call, *told.later);
  reply(call, told.outcome);
  if (told.again) reply_stale(call, told.outcome, "second reply");
  return true;
}

void Run::reply(const Call& call, const Outcome& outcome) {
  apply_event({Reply{call.step, call.run, call.phase, call.attempt, outcome}, entropy}, false);
}

void Run::reply_stale(const Call& call, const Outcome& outcome, const char* what) {
  trace_.push_back({std::string(what) + " " + definition_.at(call.step).id, "it moves nothing",
                    elapsed(), false});
  apply_event({Reply{call.step, call.run, call.phase, call.attempt, outcome}, entropy}, true);
}

bool Run::signal(bool unwinding) {
  if (!options_.send_signals || !saga_.pending.empty() || saga_.parking) return false;
  for (const auto& [signal, unwinds] : awaited(definition_, saga_)) {
    if (unwinds != unwinding) continue;
    if (!signalled_.emplace(saga_.active, signal->name).second) continue;
    const auto given = options_.payloads.find(signal->name);
    Json payload =
        given != options_.payloads.end() ? given->second : sample_of(signal->payload).value;
    if (send({Receive{signal->name, std::move(payload)}, entropy}).changed) return true;
  }
  return false;
}

bool Run::ready() const {
  if (is_end(saga_.status)) return false;
  const bool slow =
      std::any_of(slow_.begin(), slow_.end(), [&](const Slow& other) { return other.due <= now_; });
  return slow || !in_flight_.empty() || (!saga_.locked && saga_.stuck_reason.empty());
}

std::optional<Timestamp> Run::due() const {
  auto due = next_due(saga_);
  for (const auto& slow : slow_) due = due ? std::min(*due, slow.due) : slow.due;
  return due;
}

bool Run::pass() {
  const auto next = due();
  if (!next) return false;
  now_ = std::max(now_, *next);
  return answer_slow() || send({Tick{}, entropy}).changed;
}

void Run::pass_until(Timestamp time) {
  now_ = std::max(now_, time);
  send({Tick{}, entropy});
}

Decision Run::send(const Event& event) {
  const auto* skip = std::get_if<Skip>(&event.what);
  const auto held =
      std::find_if(saga_.pending.begin(), saga_.pending.end(), [&](const Pending& pending) {
        return skip != nullptr && definition_.at(pending.step).id == skip->step;
      });
  std::optional<Call> settled;
  if (held != saga_.pending.end())
    settled = Call{held->step, held->run, held->phase, held->attempt, held->body, held->address};
  auto decision = apply_event(event, false);
  if (settled && !decision.refusal) world_.by_hand(*settled, skip->as);
  return decision;
}

Decision Run::apply_event(const Event& event, bool stale) {
  Decision decision = apply(definition_, saga_, event, now_);
  judge_.decided(saga_, decision, stale);
  for (auto& line : lines_of(decision.history, elapsed())) trace_.push_back(std::move(line));
  if (decision.refusal && !std::holds_alternative<Retry>(event.what))
    trace_.push_back({"not accepted", decision.refusal->message, elapsed(), false});
  if (!decision.changed) return decision;
  ++commits_;
  saga_ = decision.instance;
  was_stuck_ = was_stuck_ || saga_.status == Status::stuck;
  if (saga_.status == Status::stuck && saga_.pending.empty() && !saga_.parking && dead_end_.empty())
    dead_end_ = saga_.stuck_reason;
  for (const auto& pending : saga_.pending)
    if (pending.wait == Pending::Wait::hand && pending.attempt == 0 && unmade_.empty())
      unmade_ = pending.last_error;
  store();
  take(decision);
  return decision;
}

void Run::take(const Decision& decision) {
  for (const auto& effect : decision.effects) {
    if (const auto* stop = std::get_if<StopChild>(&effect))
      world_.stop_child(stop->step, stop->run);
    const auto* call = std::get_if<Call>(&effect);
    if (call == nullptr) continue;
    calls_.push_back(*call);
    in_flight_.push_back(*call);
  }
  // A reply that was late comes now, when the next attempt has been made.
  const auto late = std::exchange(late_, {});
  for (const auto& [call, outcome] : late) {
    const auto next = [&past = call](const Call& other) {
      return same_run(past, other) && other.attempt > past.attempt;
    };
    if (std::any_of(in_flight_.begin(), in_flight_.end(), next) || is_end(saga_.status))
      reply_stale(call, outcome, "late reply");
    else
      late_.emplace_back(call, outcome);
  }
}

void Run::store() {
  const std::string text = encode_instance(definition_, saga_);
  auto read = options_.readings != nullptr ? options_.readings->read(text)
                                           : decode_instance(definition_, text);
  if (!read) return judge_.broke("it cannot be read back: " + read.error().message);
  if (next_due(*read) != next_due(saga_)) judge_.broke("it is not the same when it is read back");
  saga_ = std::move(*read);
}

void Run::crash(bool arrived) {
  if (arrived)
    for (const auto& call : in_flight_) world_.arrive(call);
  in_flight_.clear();
  slow_.clear();
  late_.clear();
  trace_.push_back({"restart",
                    arrived ? "what was in flight had arrived" : "what was in flight was not sent",
                    elapsed(), false});
  for (const auto& call : resume(saga_)) in_flight_.push_back(call);
}

bool Run::rescue() {
  world_.heal();
  if (is_end(saga_.status)) return false;
  if (send({Retry{"", "everything works again"}, entropy}).changed) return true;
  return saga_.status == Status::stuck && send({Compensate{"it cannot go on"}, entropy}).changed;
}

void Run::finish() {
  for (const auto& [call, outcome] : std::exchange(late_, {}))
    reply_stale(call, outcome, "late reply");
  world_.arrive_loose();
  judge_.rested(saga_, world_);
}

std::string why_at_rest(const Definition& definition, const Instance& saga) {
  if (!saga.stuck_reason.empty()) return "it is stuck: " + saga.stuck_reason;
  std::string states, signals;
  for (const StateIndex state : saga.active)
    states.append(states.empty() ? "" : ", ").append("'" + definition.at(state).name + "'");
  for (const auto& [signal, unwinds] : awaited(definition, saga))
    signals.append(signals.empty() ? "" : ", ").append("'" + signal->name + "'");
  std::string text = "it waits in state " + states;
  if (!signals.empty()) text += " for the signal " + signals + ", and what was sent did not do";
  return text;
}

}  // namespace skald::testing
