// Counts are those of the sagas, whatever commits did.
#include <map>
#include <random>

#include "tests/storage/contract_checks.hpp"

namespace skald::test {

namespace {

using Counts = std::map<std::pair<DefinitionRef, Status>, std::int64_t>;

Counts told(Store& store) {
  Counts counts;
  const auto lines = store.reader().count();
  REQUIRE(lines.ok());
  for (const StatusCount& line : *lines) {
    CHECK(line.count > 0);
    CHECK(counts.emplace(std::pair{line.definition, line.status}, line.count).second);
  }
  return counts;
}

/// The same by looking at every saga.
Counts scanned(Store& store) {
  Counts counts;
  const auto rows = store.reader().list({}, std::nullopt, 10'000);
  REQUIRE(rows.ok());
  for (const SagaRow& row : *rows) ++counts[{row.definition, row.status}];
  return counts;
}

/// What a commit may do to a saga that is stored as `stored`.
SagaRow moved(const SagaRow& stored, std::mt19937& random) {
  SagaRow row = stored;
  ++row.revision;
  row.before = stored.status;
  const auto status = static_cast<Status>(random() % 9);
  switch (random() % 3) {
    case 0:
      row.change = RowChange::moved;
      break;
    case 1:
      row.change = RowChange::status;
      row.status = status;
      if (random() % 2 == 0) row.before.reset();
      break;
    default:
      row.change = RowChange::any;
      row.status = status;
      row.definition.version = 1 + static_cast<std::uint32_t>(random() % 3);
      if (random() % 2 == 0) row.before.reset();
  }
  return row;
}

TEST_CASE("counts are those of a scan after every commit, and after opening again") {
  on_each([](const Backend& backend) {
    std::mt19937 random(5);  // the same commits each time
    std::vector<SagaRow> sagas;
    auto store = backend.open();
    for (int commit = 0; commit < 60; ++commit) {
      Batch batch;
      for (auto& row : sagas)
        if (random() % 3 == 0) batch.sagas.push_back(row = moved(row, random));
      for (int i = 0; i < 3; ++i) {
        auto& row = sagas.emplace_back(saga(static_cast<std::int64_t>(sagas.size()) + 1));
        row.definition = {random() % 2 == 0 ? "transfer" : "booking", 1};
        row.change = random() % 2 == 0 ? RowChange::started : RowChange::any;
        batch.sagas.push_back(row);
      }
      must_commit(*store, batch);
      REQUIRE(told(*store) == scanned(*store));
    }
    const auto before = told(*store);
    store.reset();
    store = backend.open();
    CHECK(told(*store) == before);
  });
}

TEST_CASE("a batch that is refused counts nothing") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {}, {request("start:a", 1)}});
    const auto before = told(store);
    must_refuse(store, {{saga(1, Status::completed), saga(2)}, {}, {request("start:a", 2)}},
                ErrorCode::internal, "start:a");
    CHECK(told(store) == before);
    must_commit(store, {{saga(2)}, {}, {}});
    CHECK(told(store) == scanned(store));
  });
}

}  // namespace

}  // namespace skald::test
