// That the measuring measures: what a benchmark leans on and nobody would see go wrong.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/bench/latencies.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/wire.hpp"

using namespace skald::bench;
using namespace std::chrono_literals;

TEST_CASE("latencies tell shares of what was added to within one percent") {
  Latencies latencies;
  for (int i = 1; i <= 1000; ++i) latencies.add(i * 1ms);
  CHECK(latencies.count() == 1000);
  CHECK(latencies.at(0.5) == doctest::Approx(500).epsilon(0.01));
  CHECK(latencies.at(0.99) == doctest::Approx(990).epsilon(0.01));
  CHECK(latencies.at(1) == 1000);
  const auto copy = Latencies::from_json(latencies.to_json());
  CHECK(copy.at(0.99) == latencies.at(0.99));
  latencies.add(copy);
  CHECK(latencies.count() == 2000);
  CHECK(Latencies().at(0.5) == 0);
}

TEST_CASE("a ledger tells a repeated key from a second effect") {
  Ledger ledger(2, 2);
  CHECK(ledger.note(0, 1, "key"));
  CHECK_FALSE(ledger.note(0, 1, "key"));
  CHECK(ledger.repeated() == 1);
  CHECK(ledger.doubled() == 0);
  CHECK_FALSE(ledger.note(0, 1, "another key"));
  CHECK_FALSE(ledger.note(7, 0, "of an order nobody made"));
  CHECK(ledger.doubled() == 2);
  CHECK(ledger.effects(1) == 1);
  CHECK(ledger.effects(0) == 0);
}

TEST_CASE("messages are taken when they are complete, and not before") {
  const std::string text = request_text("POST", "/a", "{\"order\":17}", "Saga-Id: s\r\n");
  CHECK_FALSE(message_in(text.substr(0, text.size() - 1)));
  const std::string more = text + "GET";
  const auto message = message_in(more);
  REQUIRE(message);
  CHECK(message->size == text.size());
  CHECK(second_word(message->head) == "/a");
  CHECK(field_in(message->head, "saga-id") == "s");
  CHECK(field_in(message->head, "saga").empty());
  CHECK(number_after(message->body, "\"order\":") == 17);
}

namespace {

nlohmann::json report_with(double value, double reference) {
  Measured measured;
  measured.add("rate", value, "1/s", Better::higher);
  measured.refer_to(reference, "the machine");
  return report_of({{"P0", "a test", {measured}}});
}

}  // namespace

TEST_CASE("a comparison goes by ratios, so that a slower machine is no regression") {
  CHECK(report_with(50, 100).at("workloads").at(0).at("ratio") == 0.5);
  CHECK_FALSE(compare(report_with(50, 100), report_with(25, 50)).worse);
  CHECK_FALSE(compare(report_with(50, 100), report_with(46, 100)).worse);
  CHECK(compare(report_with(50, 100), report_with(40, 100)).worse);
  CHECK(compare(report_with(50, 100), report_with(60, 100)).text.starts_with("better"));
}
