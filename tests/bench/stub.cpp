// The participants of orders: they answer at once, and note what they were asked for.
#include <nlohmann/json.hpp>

#include "tests/bench/child.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/peer_server.hpp"
#include "tests/bench/roles.hpp"

namespace skald::bench {

namespace {

using Clock = std::chrono::steady_clock;

/// Which effect a request is for, by its target: "/a", "/a/undo", "/peer-17/b".
struct Target {
  explicit Target(std::string_view text) {
    undo = text.ends_with("/undo");
    if (undo) text.remove_suffix(5);
    hung = text.starts_with("/hung/");
    slot = slot_of(text.substr(text.rfind('/') + 1), undo);
  }
  bool undo = false;
  bool hung = false;  ///< the participant that takes requests and never answers
  std::size_t slot = 0;
};

class Stub {
 public:
  explicit Stub(std::size_t orders) : ledger_(orders, order_slots), answered_(orders) {}

  std::optional<std::string> answer(const Message& request) {
    const auto now = Clock::now();
    const Target target(second_word(request.head));
    if (target.hung) return {};
    const auto order = order_in(request.body);
    const bool first = ledger_.note(order, target.slot, field_in(request.head, "Idempotency-Key"));
    if (first) take_time(order, target, now, request.body);
    return answer_;
  }

  [[nodiscard]] nlohmann::json report() const {
    auto effects = nlohmann::json::array();
    for (std::size_t slot = 0; slot < order_slots; ++slot) effects.push_back(ledger_.effects(slot));
    return {{"calls", ledger_.calls()},     {"repeated", ledger_.repeated()},
            {"doubled", ledger_.doubled()}, {"effects", effects},
            {"starts", starts_.to_json()},  {"gaps", gaps_.to_json()}};
  }

 private:
  /// From when the order was due to its first call; from each answer to the next call.
  void take_time(std::size_t order, const Target& target, Clock::time_point now,
                 std::string_view body) {
    if (target.slot == 0)
      starts_.add(now -
                  Clock::time_point(Clock::duration(number_after(body, "\"at\":").value_or(0))));
    else if (!target.undo)
      gaps_.add(now - answered_[order]);
    answered_[order] = Clock::now();
  }

  const std::string answer_ = answer_text(200, step_output());
  Ledger ledger_;
  std::vector<Clock::time_point> answered_;
  Latencies starts_;
  Latencies gaps_;
};

}  // namespace

int play_stub(const nlohmann::json& parameters) {
  Stub stub(parameters.at("orders").get<std::size_t>());
  const auto listening = listen_on_loopback();
  say_to_parent({{"port", listening.port}});
  serve_until_told(
      listening, [&](const Message& request) { return stub.answer(request); },
      [&](const std::string&) { say_to_parent(stub.report()); });
  return 0;
}

}  // namespace skald::bench
