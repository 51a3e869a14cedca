#include "tests/bench/http_orders.hpp"

#include <sstream>

#include "engine/model/invariant.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/usage.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

/// No load of a benchmark takes longer.
constexpr auto patience = 600s;

}  // namespace

Participants::Participants(std::size_t orders)
    : child_("stub", {{"orders", orders}}), port_(child_.expect(10s).at("port")) {}

Participants::Report Participants::report() {
  child_.tell("report");
  const auto said = child_.expect(10s);
  return {said.at("calls"),
          said.at("repeated"),
          said.at("doubled"),
          said.at("effects").get<std::vector<std::uint64_t>>(),
          Latencies::from_json(said.at("starts")),
          Latencies::from_json(said.at("gaps"))};
}

void check_all_completed(const Participants::Report& report, std::size_t orders,
                         Measured& measured) {
  for (std::size_t slot = 0; slot < order_slots; ++slot)
    measured.check_same("effects of slot " + std::to_string(slot), report.effects[slot],
                        slot < order_steps ? orders : 0);
  measured.check_same("doubled effects", report.doubled, 0);
}

NodeHost::NodeHost(const std::filesystem::path& data, std::vector<Definition> definitions,
                   std::vector<std::string> participants) {
  cli::ServeOptions options;
  options.data = data;
  options.listen = "127.0.0.1:0";
  options.participants = std::move(participants);
  options.participant_concurrent = 64;
  options.participant_queue = 10'000;
  options.drain = 1s;
  auto node = cli::Node::open(options, std::move(definitions));
  invariant(node.ok(), node ? "" : node.error().message);
  node_ = std::move(*node);
  const auto& address = node_->address();
  port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

double NodeHost::metric(const std::string& name) const {
  std::istringstream lines(get_body(port_, "/metrics"));
  double sum = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + " ") || line.starts_with(name + "{"))
      sum += std::stod(line.substr(line.rfind(' ')));
  return sum;
}

bool NodeHost::wait_for_live(std::size_t count, std::chrono::seconds longest) const {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (std::chrono::steady_clock::now() < until) {
    if (metric("skald_sagas") <= static_cast<double>(count)) return true;
    pause_for(20ms);
  }
  return false;
}

void NodeHost::close() {
  node_->drain();
  node_.reset();
}

OrderClients::OrderClients(const OrderLoad& load)
    : child_("orders",
             {{"port", load.port},
              {"connections", load.connections},
              {"rate", load.rate},
              {"orders", load.orders},
              {"span", load.span.count()},
              {"first", load.first},
              {"wait", load.wait},
              {"definitions", load.definitions.empty() ? std::vector<std::string>{load.definition}
                                                       : load.definitions},
              {"items", load.items}}) {}

LoadResult OrderClients::result() { return load_result_from(child_.expect(patience)); }

std::size_t accepted(const LoadResult& result) {
  std::size_t sum = 0;
  for (const auto& [status, count] : result.statuses)
    if (status >= 200 && status < 300) sum += count;
  return sum;
}

std::string get_body(std::uint16_t port, const std::string& target) {
  std::string body;
  const auto sent = send_load(
      {.port = port, .connections = 1, .requests = 1, .span = 10s},
      [&](std::size_t, std::chrono::steady_clock::time_point) {
        return request_text("GET", target, "");
      },
      [&](std::size_t, int, std::string_view text, std::chrono::nanoseconds) { body = text; });
  invariant(sent.sent == 1, "one request was sent");
  return body;
}

}  // namespace skald::bench
