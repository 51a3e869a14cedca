// P8: a hundred thousand orders are refused at their last step at once and unwind, while a thousand
// more start each second.
#include <map>

#include "tests/bench/engine_host.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/saga_load.hpp"
#include "tests/bench/scripted_participant.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr double rate = 1000;
constexpr auto patience = 300s;
constexpr std::size_t last_step = 2;

/// Participants that note every effect, and see whether undos come in reverse order.
struct Script {
  Ledger& ledger;
  std::size_t doomed;  ///< orders below this are refused at their last step
  bool refuses;        ///< else they are held there
  std::atomic<std::uint64_t>& out_of_order;

  std::optional<Outcome> operator()(const Invocation& call) const {
    const auto order = order_in(call.body.text());
    const bool undo = call.phase == Phase::undo;
    const auto slot = slot_of(call.step, undo);
    const bool ends_here = order < doomed && slot == last_step;
    if (ends_here && !refuses) return {};
    if (ends_here) return Failed{.code = "no", .message = "as the benchmark wants it"};
    ledger.note(order, slot, call.idempotency_key);
    const bool undoes_a = slot == slot_of("a", true);
    if (undoes_a && !ledger.has(order, slot_of("b", true))) ++out_of_order;
    return Done{Json::from_stored(step_output())};
  }
};

SagaLoad load_of(EngineHost& host, std::size_t first, std::size_t sagas) {
  return {.engine = host.engine(),
          .definition = host.definition("order"),
          .first = first,
          .sagas = sagas,
          .at_once = 2000,
          .until_ended = false,
          .input = [](std::size_t n) { return order_input(n, {}); }};
}

/// The time until `count` orders have ended unwound.
Seconds time_to_unwind(EngineHost& host, std::size_t count, Measured& measured) {
  const auto begun = Clock::now();
  const auto unwound = [&] {
    std::uint64_t sum = 0;
    for (const auto& [key, ended] : host.engine().metrics().ended)
      if (key.second != Status::completed) sum += ended;
    return sum;
  };
  while (unwound() < count && Clock::now() - begun < patience) pause_for(2ms);
  measured.check_same("unwound orders", unwound(), count);
  return Clock::now() - begun;
}

void audit(const Ledger& ledger, std::size_t doomed, std::size_t others, Measured& measured) {
  const auto both = doomed + others;
  measured.check_same("effects of a", ledger.effects(slot_of("a", false)), both);
  measured.check_same("effects of b", ledger.effects(slot_of("b", false)), both);
  measured.check_same("effects of c", ledger.effects(slot_of("c", false)), others);
  measured.check_same("undos of a", ledger.effects(slot_of("a", true)), doomed);
  measured.check_same("undos of b", ledger.effects(slot_of("b", true)), doomed);
  measured.check_same("doubled effects", ledger.doubled(), 0);
}

}  // namespace

void run_storm(Context& context) {
  const auto doomed = context.pick<std::size_t>(500, 10'000, 100'000);
  const auto calm_span = context.pick(200ms, 1000ms, 3000ms);
  constexpr std::size_t others_max = 200'000;
  const auto data = context.fresh("data");
  auto& measured = context.measured;
  std::atomic<std::uint64_t> out_of_order{0};
  Ledger ledger(doomed + others_max, order_slots);
  ScriptedParticipant participants(Script{ledger, doomed, false, out_of_order});
  EngineHost host(data, {order_of_functions({})}, participants);
  host.start();

  PacedStarts calm(load_of(host, doomed, others_max), rate);
  pause_for(calm_span);
  const auto before = calm.stop();
  context.say(std::to_string(doomed) + " go forward to their last step");
  const auto begun = Clock::now();
  static_cast<void>(start_sagas(load_of(host, 0, doomed)));
  measured.check(participants.wait_for_held(doomed, patience), "not all reach their last step");
  const Seconds forward = Clock::now() - begun;

  context.say("and unwind");
  PacedStarts during(load_of(host, doomed + before.sagas, others_max - before.sagas), rate);
  participants.release(Script{ledger, doomed, true, out_of_order});
  const auto unwinding = time_to_unwind(host, doomed, measured);
  const auto others = during.stop();
  measured.check(host.wait_for_live(0, patience), "not all sagas end");
  host.close();

  const auto count = static_cast<double>(doomed);
  measured.add("unwound", count / unwinding.count(), "1/s", Better::higher);
  measured.refer_to(count / forward.count(), "the forward rate");
  measured.add("forward to the last step", count / forward.count(), "1/s", Better::higher);
  measured.add("start in the storm", others.starts);
  measured.add("start before it", before.starts);
  measured.add("peak memory", peak_resident_mib(), "MiB", Better::lower);
  const auto completed = before.sagas + others.sagas;
  measured.check_same("undos out of order", out_of_order, 0);
  audit(ledger, doomed, completed, measured);
  audit_store(data,
              {{{"order", Status::completed}, static_cast<std::int64_t>(completed)},
               {{"order", Status::compensated}, static_cast<std::int64_t>(doomed)}},
              measured);
}

}  // namespace skald::bench
