// P6: sagas that wait for a time: what memory they take, and how late those that are due are woken
// among them.
#include <nlohmann/json.hpp>

#include "engine/orchestrator/clock.hpp"
#include "engine/participants/function_participant.hpp"
#include "tests/bench/documents.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/saga_load.hpp"
#include "tests/bench/wire.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view nap = R"({
  "saga": "nap", "version": 1,
  "input": { "type": "object", "required": ["order", "due", "dueMs"],
             "properties": { "order": { "type": "integer" }, "due": { "type": "string" },
                             "dueMs": { "type": "integer" } } },
  "steps": [ { "id": "sleep", "wait": { "until": "${input.due}" } },
             { "id": "wake", "kind": "readonly",
               "call": { "function": "wake",
                         "body": { "order": "${input.order}", "dueMs": "${input.dueMs}" } } } ] })";

std::string nap_until(std::size_t order, Timestamp due) {
  return R"({"due":")" + to_rfc3339(due) + R"(","dueMs":)" +
         std::to_string(due.time_since_epoch().count()) + R"(,"order":)" + std::to_string(order) +
         "}";
}

/// The sagas of this workload, and what is known of those that woke.
struct Sleepers {
  explicit Sleepers(std::size_t most) : ledger(most, 1) {}

  Outcome wake(const Invocation& call) {
    const auto& body = call.body.text();
    const Timestamp due{Duration(number_after(body, "\"dueMs\":").value_or(0))};
    lateness.add(system_now() - due);
    const auto order = number_after(body, "\"order\":").value_or(-1);
    ledger.note(static_cast<std::size_t>(order), 0, call.idempotency_key);
    return Done{Json()};
  }

  [[nodiscard]] Definition definition() {
    document::Natives natives;
    natives.functions["wake"] = [this](const Invocation& call) { return wake(call); };
    return definition_in(nap, std::move(natives));
  }

  Ledger ledger;
  Latencies lateness;  ///< of one worker
};

/// Sagas from `first` on that sleep from an hour to 30 days.
void put_to_sleep(EngineHost& host, std::size_t first, std::size_t sagas) {
  const auto now = system_now();
  static_cast<void>(start_sagas({.engine = host.engine(),
                                 .definition = host.definition("nap"),
                                 .first = first,
                                 .sagas = sagas,
                                 .at_once = 4000,
                                 .until_ended = false,
                                 .input = [now](std::size_t n) {
                                   return nap_until(n, now + 1h + (n * 7919 % 2591) * 1000s);
                                 }}));
}

/// Sagas from `first` on of which `rate` are due in each second, beginning when all have begun.
void wake_some(Context& context, EngineHost& host, Sleepers& sleepers, std::size_t first,
               std::size_t sagas, double rate) {
  context.say(std::to_string(sagas) + " wake up");
  const auto lead = std::max<Duration>(1s, Duration(sagas / 4));
  const auto from = system_now() + lead;
  static_cast<void>(start_sagas({.engine = host.engine(),
                                 .definition = host.definition("nap"),
                                 .first = first,
                                 .sagas = sagas,
                                 .at_once = 4000,
                                 .until_ended = false,
                                 .input = [=](std::size_t n) {
                                   const auto after = static_cast<double>(n - first) / rate * 1000;
                                   return nap_until(
                                       n, from + Duration(static_cast<std::int64_t>(after)));
                                 }}));
  auto& measured = context.measured;
  measured.check(system_now() < from, "starting took longer than the lead that was given");
  measured.check(host.wait_for_live(static_cast<std::int64_t>(first), 120s), "not all wake up");
  measured.add("lateness at " + std::to_string(static_cast<int>(rate)) + "/s", sleepers.lateness);
  measured.check_same("wake-ups", sleepers.ledger.effects(0), sagas);
  measured.check_same("doubled wake-ups", sleepers.ledger.doubled(), 0);
}

/// How long the next process takes to have all of them again.
void recover(Context& context, const std::filesystem::path& data, std::size_t asleep) {
  Sleepers none(1);
  FunctionParticipant functions(1);
  EngineHost host(data, {none.definition()}, functions);
  const auto from = std::chrono::steady_clock::now();
  host.recover();
  const Seconds took = std::chrono::steady_clock::now() - from;
  context.measured.add("recovered with " + std::to_string(asleep) + " asleep", took.count(), "s",
                       Better::lower);
  context.measured.check_same("recovered sagas",
                              static_cast<std::uint64_t>(live_sagas(host.engine())), asleep);
}

}  // namespace

void run_sleepers(Context& context) {
  const auto largest = context.pick<std::size_t>(1'000, 50'000, 1'000'000);
  const double rate = context.pick(500.0, 10'000.0, 10'000.0);
  const auto waking = context.pick<std::size_t>(300, 10'000, 50'000);
  const auto data = context.fresh("data");
  auto& measured = context.measured;
  Sleepers sleepers(largest + waking);
  {
    FunctionParticipant functions(1);
    EngineHost host(data, {sleepers.definition()}, functions);
    host.start();
    const auto before = resident_mib();
    std::size_t asleep = 0;
    for (const auto sagas : {largest / 10, largest * 3 / 10, largest}) {
      context.say(std::to_string(sagas) + " fall asleep");
      const auto from = std::chrono::steady_clock::now();
      put_to_sleep(host, asleep, sagas - asleep);
      const Seconds took = std::chrono::steady_clock::now() - from;
      measured.add("extra memory, " + std::to_string(sagas) + " asleep", resident_mib() - before,
                   "MiB", Better::lower);
      measured.add("starts, up to " + std::to_string(sagas),
                   static_cast<double>(sagas - asleep) / took.count(), "1/s", Better::higher);
      measured.refer_to(context.calibration.transitions_per_second, "naive SQLite transitions");
      asleep = sagas;
    }
    wake_some(context, host, sleepers, asleep, waking, rate);
    host.close();
  }
  audit_store(data,
              {{{"nap", Status::running}, static_cast<std::int64_t>(largest)},
               {{"nap", Status::completed}, static_cast<std::int64_t>(waking)}},
              measured);
  recover(context, data, largest);
}

}  // namespace skald::bench
