#include "sagas/subscription_billing.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"subscription": "s-1", "customer": "ann", "plan": "gold", "amount": 990,
                           "period": "30d"})";
constexpr auto charge_input =
    R"({"subscription": "s-1", "customer": "ann", "amount": 990, "period": 2})";

/// Up to the end of the first period.
const std::vector<Move> first_period{done("open-access", "{}"), time(), done("first-charge", "{}"),
                                     time()};

Twins twins_of(const std::vector<Move>& way) {
  Twins twins(from_table(sagas::subscription_billing()), from_document("subscription-billing.json"),
              input, way);
  for (const auto& move : way) twins.move(move);
  return twins;
}

TEST_CASE("the billing of a subscription is the same in both languages") {
  const auto table = from_table(sagas::subscription_billing());
  const auto document = from_document("subscription-billing.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  CHECK(heading(table, R"({"periods": 0})") == "is refused");
  auto way = first_period;
  way.insert(way.end(),
             {refused("charge", "child_failed"), done("remind", "{}"), signal("payment_updated"),
              done("charge", "{}"), signal("subscription_cancelled"), time(),
              done("close-access", "{}"), done("announce-end", "{}")});
  const auto end = play(table, document, input, way);
  CHECK(end.saga.status == Status::completed);
  CHECK(end.saga.output.text() == R"({"periods":2})");
}

TEST_CASE("a cancellation that comes while a period is charged is kept until it can be heard") {
  auto twins = twins_of(first_period);
  twins.move(signal("subscription_cancelled"));
  CHECK(where(twins.saga()) == "Charging");
  SUBCASE("paid: the access stays to the end of the period") {
    twins.move(done("charge", "{}"));
    CHECK(where(twins.saga()) == "Active");
    twins.move(time());
    CHECK(where(twins.saga()) == "Closing");
  }
  SUBCASE("not paid: it ends at once") {
    twins.move(refused("charge", "child_failed"));
    twins.move(done("remind", "{}"));
    CHECK(where(twins.saga()) == "Closing");
  }
}

TEST_CASE("a charge is the same in both languages, and tried as often as it should be") {
  const auto table = from_table(sagas::subscription_charge());
  const auto document = from_document("subscription-charge.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, charge_input) == heading(document, charge_input));
  const auto end =
      play(table, document, charge_input, {done("take-payment", "{}"), done("send-receipt", "{}")});
  CHECK(end.saga.status == Status::completed);
  Twins twins(table, document, charge_input);
  std::vector<Duration> waits;
  while (!twins.saga().in_flight.empty() && twins.sent("undo take-payment") == "never") {
    const auto before = twins.saga().now;
    twins.move({Move::What::lost, "take-payment"});
    if (twins.saga().in_flight.empty()) twins.move(time());
    waits.push_back(twins.saga().now - before);
  }
  using std::chrono::seconds;
  const std::vector<Duration> round{seconds{1}, seconds{3}, seconds{7}, seconds{15}, seconds{31}};
  REQUIRE(waits.size() == 24);
  for (std::size_t i = 0; i < waits.size(); ++i)
    if (i % 6 < 5) CHECK(waits[i] == round[i % 6]);
  CHECK(waits[5] == std::chrono::minutes{5});
  CHECK(waits[11] == std::chrono::minutes{15});
  CHECK(waits[17] == std::chrono::minutes{30});
  CHECK(twins.sent("undo take-payment") == R"( {"amount":990,"order":"s-1/2"})");
}

TEST_CASE("who cancels keeps the access to the end of the period") {
  auto twins = twins_of({done("open-access", "{}"), time(), done("first-charge", "{}")});
  const auto begun = twins.saga().now;
  twins.move(signal("subscription_cancelled"));
  CHECK(where(twins.saga()) == "Active");
  twins.move(time());
  CHECK(twins.saga().now - begun == std::chrono::hours{24 * 30});
  twins.finish();
  CHECK(twins.saga().saga.status == Status::completed);
  CHECK(twins.saga().saga.output.text() == R"({"periods":1})");
}

TEST_CASE("after three failures the access is closed, and nothing is paid back") {
  auto twins = twins_of(first_period);
  for (int failures = 0; failures < 3; ++failures) {
    CHECK(twins.sent("charge") ==
          R"( {"amount":990,"customer":"ann","period":2,"subscription":"s-1"})");
    twins.move(refused("charge", "child_failed"));
    if (where(twins.saga()) != "PastDue") break;
    twins.move(done("remind", "{}"));
    twins.move(time());
  }
  CHECK(where(twins.saga()) == "Closing");
  twins.finish();
  CHECK(twins.saga().saga.status == Status::completed);
  const auto& calls = twins.saga().calls;
  CHECK(std::count(calls.begin(), calls.end(), "charge") == 3);
  CHECK(std::count(calls.begin(), calls.end(), "remind") == 2);
}

}  // namespace

}  // namespace skald::test
