// P14: a saga that calls a participant for each item of a list, all at once, over HTTP.
#include <nlohmann/json.hpp>

#include "tests/bench/documents.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view fan = R"({
  "saga": "fan", "version": 1,
  "input": { "type": "object", "required": ["order", "items"],
             "properties": { "order": { "type": "integer" },
                             "items": { "type": "array", "items": { "type": "integer" } } } },
  "steps": [ { "id": "a", "forEach": "${input.items}", "concurrency": 1000, "timeout": "1m",
               "noUndo": "nothing is left of it",
               "call": { "http": "POST ${participants.peer}/a",
                         "body": { "order": "${item}" } } } ] })";

void measure(Context& context, std::size_t sagas, std::size_t items) {
  const auto all = sagas * items;
  context.say(std::to_string(sagas) + " sagas with " + std::to_string(items) + " calls each");
  const auto data = context.fresh("data");
  Participants participants(all);
  NodeHost node(data, {definition_in(fan)},
                {"peer=http://127.0.0.1:" + std::to_string(participants.port())});
  const auto cpu = cpu_used();
  OrderClients load({.port = node.port(),
                     .connections = 1,
                     .orders = sagas,
                     .span = 5min,
                     .wait = true,
                     .definition = "fan",
                     .items = items});
  const auto result = load.result();
  auto& measured = context.measured;
  measured.check(node.wait_for_live(0, 120s), "not all sagas end");
  const auto used = cpu_used() - cpu;
  node.close();

  const auto calls = static_cast<double>(all);
  const auto name = ", " + std::to_string(items) + " at once";
  measured.add("calls" + name, calls / result.took.count(), "1/s", Better::higher);
  measured.refer_to(context.calibration.echoes_per_second, "loopback echoes");
  measured.add("engine CPU per call" + name, used.count() / calls * 1e6, "us", Better::lower);
  const auto report = participants.report();
  measured.check_same("answered starts", accepted(result), sagas);
  measured.check_same("effects", report.effects[0], all);
  measured.check_same("doubled effects", report.doubled, 0);
  audit_store(data, {{{"fan", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
}

}  // namespace

void run_parallel(Context& context) {
  if (context.scale == Scale::tiny) return measure(context, 2, 50);
  const auto calls = context.pick<std::size_t>(0, 2'000, 10'000);
  measure(context, calls / 1000, 1000);
  measure(context, calls / 100, 100);
  measure(context, calls / 10, 10);
}

}  // namespace skald::bench
