// P12: among a hundred participants one never answers and one is not there: how long the calls of
// all others take, against a node that has only those.
#include "tests/bench/engine_host.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/wire.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t good = 98;

/// The definition "order", under the name of the one participant that all its steps are at.
Definition order_at(const std::string& participant) {
  auto definition = order_over_http();
  const auto move = [&](Operation& operation) {
    std::get<HttpTarget>(operation.target).participant = participant;
  };
  definition.ref.name = participant;
  for (auto& step : definition.steps) {
    move(step.call);
    if (step.undo) move(*step.undo);
  }
  return definition;
}

/// A node with the participants "p0" to "p97", and, when they are wanted, "p98" and "p99".
struct Setting {
  std::vector<Definition> definitions;
  std::vector<std::string> participants;
  std::vector<std::string> names;

  void add(const std::string& url) {
    names.push_back("p" + std::to_string(names.size()));
    definitions.push_back(order_at(names.back()));
    participants.push_back(names.back() + "=" + url);
  }
};

Participants::Report measure(Context& context, const std::string& name, bool with_bad) {
  const double rate = context.pick(300.0, 1000.0, 1000.0);
  const auto span = context.pick(500ms, 2000ms, 8000ms);
  const auto sagas = static_cast<std::size_t>(rate * Seconds(span).count()) / 100 * 100;
  context.say(name);
  Participants peers(sagas);
  const auto url = "http://127.0.0.1:" + std::to_string(peers.port());
  Setting setting;
  for (std::size_t i = 0; i < good; ++i) setting.add(url + "/p" + std::to_string(i));
  if (with_bad) setting.add(url + "/hung");
  if (with_bad) setting.add("http://127.0.0.1:" + std::to_string(free_port()));
  const auto data = context.fresh("data");
  NodeHost node(data, std::move(setting.definitions), std::move(setting.participants));
  OrderClients load({.port = node.port(),
                     .rate = rate,
                     .orders = sagas,
                     .span = 5min,
                     .definitions = setting.names});
  const auto result = load.result();

  auto& measured = context.measured;
  // Whoever is served by turns: each definition gets the same number, the last ones one less.
  std::size_t to_good = 0;
  Expected expected;
  for (std::size_t i = 0; i < sagas; ++i) {
    const auto at = i % setting.names.size();
    if (at >= good) continue;
    ++to_good;
    ++expected[{setting.names[at], Status::completed}];
  }
  measured.check(node.wait_for_live(with_bad ? sagas - to_good : 0, 60s), "not all sagas end");
  node.close();
  auto report = peers.report();
  measured.check_same("acknowledged starts", accepted(result), sagas);
  check_all_completed(report, to_good, measured);
  audit_store(data, expected, measured);
  return report;
}

}  // namespace

void run_neighbours(Context& context) {
  const auto alone = measure(context, "98 good participants", false);
  const auto among = measure(context, "with one hung and one dead among them", true);
  auto& measured = context.measured;
  measured.add("start due to first call, among bad ones p99", among.starts.at(0.99), "ms",
               Better::lower);
  measured.refer_to(alone.starts.at(0.99), "without the bad ones");
  measured.add("reply to next call, among bad ones p99", among.gaps.at(0.99), "ms", Better::lower);
  measured.refer_to(alone.gaps.at(0.99), "without the bad ones");
  measured.add("start due to first call, without them", alone.starts);
}

}  // namespace skald::bench
