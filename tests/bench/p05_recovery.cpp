// P5: a process with many orders in flight, each at one of its three steps, is killed while it
// starts more; how long the next one takes until it has all of them again and every call has been
// made again. Then all of them go on to their end: nothing may be lost, and no effect happen twice.
#include <nlohmann/json.hpp>

#include "tests/bench/child.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/function_orders.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/saga_load.hpp"
#include "tests/bench/scripted_participant.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto patience = 800s;
constexpr std::size_t at_once = 4000;

/// The orders that are started for certain, and those beyond that the kill comes amid.
struct Orders {
  std::size_t certain;
  [[nodiscard]] std::size_t most() const { return certain * 2; }
};

std::filesystem::path ledger_in(const std::filesystem::path& data) {
  return data.parent_path() / "ledger";
}

/// Each order stays at one of its steps, after that had its effect.
ScriptedParticipant::Script held_at_some_step(Ledger& ledger) {
  return [answer = noting_in(ledger)](const Invocation& call) -> std::optional<Outcome> {
    auto outcome = answer(call);
    const bool stays = order_in(call.body.text()) % order_steps == slot_of(call.step, false);
    return stays ? std::nullopt : std::optional(std::move(outcome));
  };
}

SagaLoad load_of(EngineHost& host, std::size_t first, std::size_t sagas) {
  return {.engine = host.engine(),
          .definition = host.definition("order"),
          .first = first,
          .sagas = sagas,
          .at_once = at_once,
          .until_ended = false,
          .input = [](std::size_t n) { return order_input(n, {}); }};
}

void measure(Context& context, std::size_t sagas, bool is_main) {
  const auto count = std::to_string(sagas);
  context.say(count + " in flight");
  const auto data = context.fresh("run") / "data";
  const nlohmann::json parameters{{"data", data.string()}, {"orders", sagas}};
  Child filling("p5-fill", parameters);
  auto& measured = context.measured;
  if (!filling.hear(patience)) return measured.check(false, "the sagas cannot be started");
  pause_for(50ms);  // so that it is killed amid further starts
  filling.kill();
  Child recovering("p5-recover", parameters);
  const auto said = recovering.hear(patience);
  if (!said) return measured.check(false, "the sagas are not recovered");

  const double live = said->at("live");
  measured.add("live again per second, " + count + " in flight",
               live / said->at("allDispatched").get<double>(), "1/s", Better::higher);
  measured.refer_to(context.calibration.transitions_per_second, "naive SQLite transitions");
  const auto add = [&](const char* name, const char* key, const char* unit) {
    measured.add(name + (", " + count), said->at(key).get<double>(), unit, Better::lower);
  };
  add("ready", "ready", "s");
  add("first call", "firstDispatched", "s");
  add("all called again", "allDispatched", "s");
  if (is_main) add("peak memory", "peak", "MiB");
  for (const auto& failure : said->at("failures")) measured.check(false, failure);
}

}  // namespace

int play_p5_fill(const nlohmann::json& parameters) {
  const Orders orders{parameters.at("orders")};
  const std::filesystem::path data = parameters.at("data").get<std::string>();
  Ledger ledger(orders.most(), order_slots, ledger_in(data));
  ScriptedParticipant participants(held_at_some_step(ledger));
  EngineHost host(data, {order_of_functions({})}, participants);
  host.start();
  static_cast<void>(start_sagas(load_of(host, 0, orders.certain)));
  say_to_parent({{"started", orders.certain}});
  static_cast<void>(start_sagas(load_of(host, orders.certain, orders.most() - orders.certain)));
  static_cast<void>(hear_parent());
  return 0;
}

int play_p5_recover(const nlohmann::json& parameters) {
  const auto begun = Clock::now();
  const auto since = [&] { return Seconds(Clock::now() - begun).count(); };
  const Orders orders{parameters.at("orders")};
  const std::filesystem::path data = parameters.at("data").get<std::string>();
  Ledger ledger(orders.most(), order_slots, ledger_in(data));
  ScriptedParticipant participants([&](const Invocation&) { return std::nullopt; });
  EngineHost host(data, {order_of_functions({})}, participants);
  host.recover();
  const auto ready = since();
  const auto live = live_sagas(host.engine());
  host.run();
  Measured audit;
  audit.check(participants.wait_for_held(1, patience), "no call is made again");
  const auto first = since();
  audit.check(participants.wait_for_held(static_cast<std::size_t>(live), patience),
              "not every call is made again");
  const auto all = since();
  const auto peak = peak_resident_mib();
  audit.check_same("calls made again", participants.held(), static_cast<std::uint64_t>(live));

  participants.release(noting_in(ledger));
  audit.check(host.wait_for_live(0, patience), "not all recovered sagas end");
  host.close();
  const auto sagas = ledger.effects(0);
  audit.check(sagas >= orders.certain, "a saga whose start was acknowledged is lost");
  check_all_completed(ledger, sagas, audit);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, audit);
  say_to_parent({{"live", live},
                 {"ready", ready},
                 {"firstDispatched", first},
                 {"allDispatched", all},
                 {"peak", peak},
                 {"failures", audit.failures}});
  return 0;
}

void run_recovery(Context& context) {
  const auto largest = context.pick<std::size_t>(300, 30'000, 1'000'000);
  measure(context, largest, true);
  if (context.scale == Scale::tiny) return;
  measure(context, largest / 10, false);
  measure(context, largest / 100, false);
}

}  // namespace skald::bench
