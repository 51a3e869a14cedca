// P1: orders whose steps are C++ functions, a thousand in flight.
#include "engine/participants/function_participant.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/saga_load.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

constexpr std::size_t in_flight = 1000;
constexpr int transitions_per_saga = 4;

void measure(Context& context, std::size_t sagas, bool is_main) {
  context.say(std::to_string(sagas) + " sagas, " + std::to_string(in_flight) + " in flight");
  auto& measured = context.measured;
  const auto data = context.fresh("data");
  Ledger ledger(sagas, order_slots);
  FunctionParticipant functions(1);
  EngineHost host(data, {order_of_functions([&](const Invocation& call) -> Outcome {
                    const auto slot = slot_of(call.step, call.phase == Phase::undo);
                    ledger.note(order_in(call.body.text()), slot, call.idempotency_key);
                    return Done{Json::from_stored(step_output())};
                  })},
                  functions);
  host.start();
  const auto cpu = cpu_used();
  const auto disk = context.disk.counts();
  const auto result = start_sagas({.engine = host.engine(),
                                   .definition = host.definition("order"),
                                   .sagas = sagas,
                                   .at_once = in_flight,
                                   .input = [](std::size_t n) { return order_input(n, {}); }});
  const auto used = cpu_used() - cpu;
  const auto after = context.disk.counts();
  const auto metrics = host.engine().metrics();
  host.close();

  const auto count = static_cast<double>(sagas);
  const auto rate = count / result.took.count();
  measured.add("sagas, " + std::to_string(sagas) + " in all", rate, "1/s", Better::higher);
  measured.refer_to(context.calibration.transitions_per_second / transitions_per_saga,
                    "naive SQLite loop, 4 transitions");
  if (is_main) {
    measured.add("CPU per saga", used.count() / count * 1e6, "us", Better::lower);
    measured.add("bytes written per saga", static_cast<double>(after.bytes - disk.bytes) / count,
                 "B", Better::lower);
    measured.add("syncs per saga", static_cast<double>(after.syncs - disk.syncs) / count, "",
                 Better::lower);
    measured.add("start", result.starts);
    measured.add("start to end", result.ends);
    measured.add("peak memory", peak_resident_mib(), "MiB", Better::lower);
  }
  measured.check_same("refused starts", result.refused, 0);
  measured.check_same("transitions", metrics.transitions, sagas * transitions_per_saga);
  for (std::size_t slot = 0; slot < order_slots; ++slot)
    measured.check_same("effects of slot " + std::to_string(slot), ledger.effects(slot),
                        slot < order_steps ? sagas : 0);
  measured.check_same("doubled effects", ledger.doubled(), 0);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
}

}  // namespace

void run_functions(Context& context) {
  const auto main_size = context.pick<std::size_t>(2'000, 8'000, 40'000);
  measure(context, main_size, true);
  if (context.scale == Scale::tiny) return;
  measure(context, main_size / 4, false);
  measure(context, main_size * 4, false);
}

}  // namespace skald::bench
