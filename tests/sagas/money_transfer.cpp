#include "sagas/money_transfer.hpp"

#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"source": "ann", "target": "bob", "amount": 250})";

TEST_CASE("the money transfer is the same in both languages") {
  const auto table = from_table(sagas::money_transfer());
  const auto document = from_document("money-transfer.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  CHECK(heading(table, R"({"amount": 0})") == "is refused");
  CHECK(heading(document, R"({"amount": 0})") == "is refused");
  const auto end =
      play(table, document, input,
           {done("debit-source", R"({"id": "entry-7"})"), done("credit-target", "{}")});
  CHECK(end.saga.status == Status::completed);
  CHECK(end.states == std::vector<std::string>{"TransferInitiated", "SourceAccountDebited",
                                               "TargetAccountCredited", "TransferCompleted"});
}

TEST_CASE(
    "what was debited for nothing is credited back, with the name of the debit if it has one") {
  Twins twins(from_table(sagas::money_transfer()), from_document("money-transfer.json"), input);
  twins.move(done("debit-source", R"({"id": "entry-7"})"));
  twins.move(refused("credit-target", "account_blocked"));
  CHECK(where(twins.saga()) == "SourceAccountDebited");
  CHECK(twins.sent("undo debit-source") ==
        R"( {"account":"ann","amount":250,"reversalOf":"entry-7"})");
  twins.finish();
  CHECK(where(twins.saga()) == "TransferFailed");
  CHECK(twins.saga().saga.status == Status::compensated);
}

TEST_CASE("a debit whose reply was lost is credited back without a name") {
  Twins twins(from_table(sagas::money_transfer()), from_document("money-transfer.json"), input);
  for (int attempts = 0; twins.sent("undo debit-source") == "never" && attempts < 9; ++attempts) {
    twins.move({Move::What::lost, "debit-source"});
    if (twins.saga().in_flight.empty()) twins.move(time());
  }
  CHECK(twins.sent("undo debit-source") == R"( {"account":"ann","amount":250,"reversalOf":null})");
}

}  // namespace

}  // namespace skald::test
