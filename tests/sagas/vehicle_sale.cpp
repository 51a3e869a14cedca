#include "sagas/vehicle_sale.hpp"

#include <nlohmann/json.hpp>

#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"sale": "s-1", "vehicle": "v-7", "dealer": "d-1", "buyer": "ann",
                           "lead": "ann@example.com", "price": 1999900, "deposit": 200000,
                           "documents": [{"kind": "invoice"}, {"kind": "insurance"}]})";

Twins twins_of() {
  return Twins(from_table(sagas::vehicle_sale()), from_document("vehicle-sale.yaml"), input);
}

const std::vector<Move> sold{
    done("reserve-vehicle", "{}"),    done("check-credit", R"({"decision": "approved"})"),
    done("take-deposit", "{}"),       done("register-documents", "{}"),
    done("register-documents", "{}"), done("transfer-title", R"({"title": "t-9"})"),
    done("announce-sale", "{}"),      done("tell-lead", "{}")};

TEST_CASE("the vehicle sale is the same as a table and as a list of steps") {
  const auto table = from_table(sagas::vehicle_sale());
  const auto document = from_document("vehicle-sale.yaml");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  const auto end = play(table, document, input, sold);
  CHECK(end.saga.status == Status::completed);
  CHECK(end.saga.output.text() == R"({"price":1999900,"title":"t-9"})");
}

TEST_CASE("the credit is what the deposit does not cover, and a review waits for the bank") {
  const std::vector<std::pair<Move, std::string>> answers{
      {signal("credit_approved"), "take-deposit"},
      {signal("credit_declined"), "failed"},
      {time(), "failed"}};
  for (const auto& [answer, state] : answers) {
    auto twins = twins_of();
    twins.move(done("reserve-vehicle", "{}"));
    CHECK(twins.sent("check-credit") == R"( {"amount":1799900,"buyer":"ann"})");
    twins.move({Move::What::named, "check-credit", "review"});
    CHECK(where(twins.saga()) == "await-bank");
    twins.move(answer);
    if (state == "failed") twins.finish();
    CHECK(where(twins.saga()) == state);
  }
}

TEST_CASE("an answer for review is told from the others by the same rule") {
  for (const auto& definition :
       {from_table(sagas::vehicle_sale()), from_document("vehicle-sale.yaml")}) {
    const Driver driver(definition, {}, input);
    const SagaView saga(definition, driver.saga, driver.now);
    const auto& rule = definition.at(*definition.find_step("check-credit")).call.outcomes.at(0);
    const auto holds = [&](const nlohmann::json& body) {
      return rule.when->holds(saga, EventView{"", "", body});
    };
    CHECK(holds({{"decision", "review"}}));
    CHECK_FALSE(holds({{"decision", "approved"}}));
    CHECK_FALSE(holds(nlohmann::json::object()));
  }
}

TEST_CASE("documents are withdrawn side by side, and then the deposit is paid back") {
  auto twins = twins_of();
  for (int moves = 0; moves < 5; ++moves) twins.move(sold[static_cast<std::size_t>(moves)]);
  twins.move(refused("transfer-title", "lien"));
  CHECK(twins.saga().in_flight.size() == 2);
  CHECK(twins.saga().name(twins.saga().in_flight.front()) == "undo register-documents");
  twins.finish();
  CHECK(twins.saga().saga.status == Status::compensated);
  CHECK(twins.saga().calls.back() == "tell-lost");
  CHECK(twins.sent("undo take-deposit") == R"( {"amount":200000,"order":"s-1"})");
}

}  // namespace

}  // namespace skald::test
