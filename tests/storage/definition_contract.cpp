// Stored definitions: what every backend must do with them.
#include "tests/storage/contract_checks.hpp"

namespace skald::test {

namespace {

void check_same(const DefinitionRow& read, const DefinitionRow& written) {
  CHECK(read.ref == written.ref);
  CHECK(read.hash == written.hash);
  CHECK(read.document == written.document);
  CHECK(read.at == written.at);
}

/// "name/version" of each stored definition, in the order of the visit.
std::vector<std::string> stored_refs(Store& store) {
  std::vector<std::string> refs;
  for (const DefinitionRow& row : definitions(store))
    refs.push_back(row.ref.name + "/" + std::to_string(row.ref.version));
  return refs;
}

using Refs = std::vector<std::string>;

TEST_CASE("definitions are visited by name and version, whatever the order they came in") {
  on_each_store([](Store& store) {
    must_commit(store, {.definitions = {definition("transfer", 10), definition("transfer", 2)}});
    must_commit(store, {.definitions = {definition("Zoo", 1), definition("booking", 4294967295U),
                                        definition("transfer", 1)}});
    CHECK(stored_refs(store) ==
          Refs{"Zoo/1", "booking/4294967295", "transfer/1", "transfer/2", "transfer/10"});
  });
}

TEST_CASE("a definition comes back in every field") {
  on_each_store([](Store& store) {
    DefinitionRow odd = definition("it's \"\xC3\x86gir\"; DROP TABLE definition", 7);
    odd.document =
        std::string("{\"zero\":\"\0\",\"text\":\"", 19) + std::string(300'000, 'x') + "\"}";
    must_commit(store, {.definitions = {odd, definition("plain", 1)}});
    const auto rows = definitions(store);
    REQUIRE(rows.size() == 2);
    check_same(rows[0], odd);
    check_same(rows[1], definition("plain", 1));
  });
}

TEST_CASE("a name and version that is stored fails the whole batch, whatever its document") {
  on_each_store([](Store& store) {
    must_commit(store, {.definitions = {definition("transfer", 1)}});
    DefinitionRow other = definition("transfer", 1);
    other.hash = "another";
    for (const DefinitionRow& again : {definition("transfer", 1), other}) {
      must_refuse(store,
                  {.sagas = {saga(1)},
                   .history = {history(1, 1)},
                   .requests = {request("start:a", 1)},
                   .definitions = {definition("transfer", 2), again}},
                  ErrorCode::internal, "version 1 of the definition \"transfer\"");
      CHECK_FALSE(store.reader().find(SagaKey{1})->has_value());
      CHECK(store.reader().history(SagaKey{1}, 0, 10)->empty());
      CHECK_FALSE(store.writer().find_request("start:a")->has_value());
    }
    CHECK(stored_refs(store) == Refs{"transfer/1"});
    check_same(definitions(store).front(), definition("transfer", 1));
    must_commit(store, {.sagas = {saga(1)}, .definitions = {definition("transfer", 2)}});
  });
}

TEST_CASE("a definition given twice in one batch fails it") {
  on_each_store([](Store& store) {
    must_refuse(store, {.definitions = {definition("transfer", 3), definition("transfer", 3)}},
                ErrorCode::internal, "version 3 of the definition \"transfer\"");
    CHECK(definitions(store).empty());
  });
}

TEST_CASE("a batch that is refused for another reason stores no definition") {
  on_each_store([](Store& store) {
    must_commit(store, {.requests = {request("start:a", 1)}});
    must_refuse(store,
                {.requests = {request("start:a", 1)}, .definitions = {definition("transfer", 1)}},
                ErrorCode::internal, "start:a");
    CHECK(definitions(store).empty());
    const Epoch other{number(store.writer().epoch()) + 1};
    CHECK_FALSE(store.writer().commit(other, {.definitions = {definition("transfer", 1)}}).ok());
    CHECK(definitions(store).empty());
  });
}

TEST_CASE("definitions survive opening again") {
  on_each([](const Backend& backend) {
    must_commit(*backend.open(), {.definitions = {definition("transfer", 1)}});
    const auto store = backend.open();
    REQUIRE(definitions(*store).size() == 1);
    check_same(definitions(*store).front(), definition("transfer", 1));
    must_refuse(*store, {.definitions = {definition("transfer", 1)}}, ErrorCode::internal,
                "\"transfer\"");
  });
}

TEST_CASE("the visitor of definitions may use the store") {
  on_each_store([](Store& store) {
    must_commit(store, {.sagas = {saga(1)},
                        .definitions = {definition("transfer", 1), definition("transfer", 2)}});
    int visited = 0;
    const auto outcome = store.writer().for_each_definition([&](const DefinitionRow&) {
      ++visited;
      CHECK(store.reader().find(SagaKey{1})->has_value());
    });
    CHECK(outcome.ok());
    CHECK(visited == 2);
  });
}

}  // namespace

}  // namespace skald::test
