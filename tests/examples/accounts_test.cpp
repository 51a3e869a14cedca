#include <doctest/doctest.h>

#include "tests/examples/service_process.hpp"

using namespace skald::examples_test;
using nlohmann::json;

namespace {

/// An accounts service with ada (1000) and bob (0).
struct Accounts {
  Accounts() { open(); }

  void open() const {
    CHECK(service.post("/accounts", {{"id", "ada"}, {"balance", 1000}}).status == 200);
    CHECK(service.post("/accounts", {{"id", "bob"}, {"balance", 0}}).status == 200);
  }
  int balance(const std::string& id) const { return service.get("/accounts/" + id).at("balance"); }
  Reply debit(const HeaderFields& headers, int amount = 300) const {
    return service.post("/debits", {{"account", "ada"}, {"amount", amount}}, headers);
  }
  Reply give_back(const HeaderFields& headers, int amount = 300) const {
    return service.post("/credits", {{"account", "ada"}, {"amount", amount}}, headers);
  }

  TemporaryDirectory data;
  ServiceProcess service{"accounts", data.path()};
};

const auto forward = attempt("s1", "debit", "forward");
const auto undo = attempt("s1", "debit", "undo");

}  // namespace

TEST_CASE_FIXTURE(Accounts, "a repeated key gets the same answer and moves money once") {
  const auto first = debit(forward);
  CHECK(first.status == 200);
  const auto again = debit(attempt("s1", "debit", "forward", 2));
  CHECK(again.status == 200);
  CHECK(again.body == first.body);
  CHECK(balance("ada") == 700);
  CHECK(service.effects("s1/debit/forward") == 1);
}

TEST_CASE_FIXTURE(Accounts, "a key with other content is refused") {
  CHECK(debit(forward).status == 200);
  const auto other = debit(forward, 301);
  CHECK(other.status == 422);
  CHECK(other.body.at("code") == "key_reused");
  CHECK(balance("ada") == 700);
}

TEST_CASE_FIXTURE(Accounts,
                  "an undo that comes first has no effect, and its call is refused late") {
  const auto undone = give_back(undo);
  CHECK(undone.status == 200);
  CHECK(undone.body.at("undone") == false);
  const auto late = debit(forward);
  CHECK(late.status == 409);
  CHECK(late.body.at("code") == "already_undone");
  CHECK(balance("ada") == 1000);
  const auto journal = service.get("/journal").at("entries");
  REQUIRE(journal.size() == 2);
  CHECK(journal[0].at("decision") == "null_undo");
  CHECK(journal[1].at("decision") == "refuse_late");
  CHECK(journal[0].at("effect") == false);
  CHECK(journal[1].at("effect") == false);
}

TEST_CASE_FIXTURE(Accounts, "the undo of a refused debit gives nothing back") {
  CHECK(debit(forward, 5000).body.at("code") == "insufficient_funds");
  CHECK(give_back(undo, 5000).body.at("undone") == false);
  CHECK(balance("ada") == 1000);
}

TEST_CASE_FIXTURE(Accounts, "a refusal stays the answer of its key when the money has come") {
  CHECK(debit(forward, 1200).status == 409);
  CHECK(give_back(attempt("s2", "gift", "forward"), 500).status == 200);
  CHECK(debit(forward, 1200).status == 409);
  CHECK(debit(attempt("s3", "debit", "forward"), 1200).status == 200);
}

TEST_CASE_FIXTURE(Accounts, "a refused undo can succeed under the same key later") {
  CHECK(give_back(attempt("s1", "credit", "forward"), 500).status == 200);
  CHECK(debit(attempt("s2", "debit", "forward"), 1500).status == 200);
  const auto take_back = attempt("s1", "credit", "undo");
  CHECK(debit(take_back, 500).status == 409);
  CHECK(give_back(attempt("s3", "gift", "forward"), 600).status == 200);
  CHECK(debit(take_back, 500).status == 200);
  CHECK(balance("ada") == 100);
}

TEST_CASE_FIXTURE(Accounts, "a debit is given back once, even for two different undos") {
  const json entry = debit(forward).body.at("id");
  const json credit{{"account", "ada"}, {"amount", 300}, {"reversalOf", entry}};
  CHECK(service.post("/credits", credit, undo).status == 200);
  const auto twice = service.post("/credits", credit, attempt("s9", "fix", "forward"));
  CHECK(twice.body.at("code") == "not_reversible");
  CHECK(balance("ada") == 1000);
}

TEST_CASE_FIXTURE(Accounts, "money is conserved over a transfer and its undo") {
  CHECK(debit(forward).status == 200);
  const json to_bob{{"account", "bob"}, {"amount", 300}};
  CHECK(service.post("/credits", to_bob, attempt("s1", "credit", "forward")).status == 200);
  CHECK(service.get("/total").at("total") == 1000);
  CHECK(service.post("/debits", to_bob, attempt("s1", "credit", "undo")).status == 200);
  CHECK(give_back(undo).status == 200);
  const auto total = service.get("/total");
  CHECK(total.at("total") == 1000);
  CHECK(total.at("consistent") == true);
  CHECK(balance("bob") == 0);
}

TEST_CASE_FIXTURE(Accounts,
                  "opening an account again changes nothing, and not with another balance") {
  CHECK(debit(forward).status == 200);
  open();
  CHECK(balance("ada") == 700);
  CHECK(service.post("/accounts", {{"id", "ada"}, {"balance", 1}}).status == 409);
}

TEST_CASE_FIXTURE(Accounts, "what is wrong with a request is said, and nothing is kept of it") {
  CHECK(debit({}).status == 400);
  CHECK(debit({{"Idempotency-Key", "plain"}}).status == 200);
  CHECK(debit({{"Saga-Phase", "undo"}, {"Idempotency-Key", "plain"}}).status == 400);
  const auto empty = service.post("/debits", json::object(), attempt("s4", "debit", "forward"));
  CHECK(empty.status == 400);
  CHECK(empty.body.at("findings").size() == 2);
  CHECK(debit(attempt("s4", "debit", "forward")).status == 200);
  const json huge{{"account", "ada"}, {"amount", 18446744073709551615U}};
  CHECK(service.post("/debits", huge, attempt("s5", "debit", "forward")).status == 400);
  const json nobody{{"account", "eve"}, {"amount", 1}};
  const auto unknown = service.post("/debits", nobody, attempt("s6", "debit", "forward"));
  CHECK(unknown.body.at("code") == "unknown_account");
}
