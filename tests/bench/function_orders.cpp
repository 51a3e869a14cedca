#include "tests/bench/function_orders.hpp"

#include "engine/participants/function_participant.hpp"
#include "tests/bench/engine_host.hpp"

namespace skald::bench {

namespace {

CountedVfs::Counts operator-(const CountedVfs::Counts& a, const CountedVfs::Counts& b) {
  return {a.bytes - b.bytes, a.syncs - b.syncs};
}

}  // namespace

StepFunction noting_in(Ledger& ledger) {
  return [&ledger](const Invocation& call) -> Outcome {
    const auto slot = slot_of(call.step, call.phase == Phase::undo);
    ledger.note(order_in(call.body.text()), slot, call.idempotency_key);
    return Done{Json::from_stored(step_output())};
  };
}

FunctionOrders run_function_orders(Context& context, const std::filesystem::path& data,
                                   std::size_t sagas, std::size_t at_once) {
  context.say(std::to_string(sagas) + " sagas, " + std::to_string(at_once) + " in flight");
  Ledger ledger(sagas, order_slots);
  FunctionParticipant functions(1);
  EngineHost host(data, {order_of_functions(noting_in(ledger))}, functions);
  host.start();
  FunctionOrders result;
  const auto cpu = cpu_used();
  const auto disk = context.disk.counts();
  const auto written = bytes_written();
  result.load = start_sagas({.engine = host.engine(),
                             .definition = host.definition("order"),
                             .sagas = sagas,
                             .at_once = at_once,
                             .input = [](std::size_t n) { return order_input(n, {}); }});
  result.cpu = cpu_used() - cpu;
  const auto metrics = host.engine().metrics();
  host.close();
  result.disk = context.disk.counts() - disk;
  result.bytes_written = bytes_written() - written;
  result.peak_mib = peak_resident_mib();

  auto& measured = context.measured;
  measured.check_same("refused starts", result.load.refused, 0);
  measured.check_same("transitions", metrics.transitions, sagas * transitions_per_order);
  check_all_completed(ledger, sagas, measured);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
  return result;
}

}  // namespace skald::bench
