// How SQLite answers the list queries: through an index, in order, without sorting.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "storage/sqlite/list_query.hpp"
#include "storage/sqlite/rows.hpp"
#include "tests/storage/sqlite_fixture.hpp"

namespace skald::test {

namespace {

std::vector<std::string> plan_of(SQLite::Database& database, const std::string& sql) {
  SQLite::Statement explained(database, "EXPLAIN QUERY PLAN " + sql);
  std::vector<std::string> steps;
  while (explained.executeStep()) steps.push_back(explained.getColumn(3).getString());
  return steps;
}

/// Every table access is a search, with `index` where it uses one, and nothing is sorted.
void check_plan(SQLite::Database& database, const SagaFilter& filter, const std::string& index,
                int searches) {
  const auto query = sqlite::list_query(filter, {}, 50, {"booking", "transfer"});
  int found = 0;
  for (const std::string& step : plan_of(database, query.sql)) {
    INFO(query.sql << "\n  " << step);
    CHECK_FALSE(has(step, "TEMP B-TREE"));
    CHECK_FALSE(has(step, "SCAN saga"));
    if (!has(step, "SEARCH saga")) continue;
    ++found;
    CHECK(has(step, index));
  }
  CHECK(found == searches);
}

TEST_CASE("every list filter is served by an index in the order of the list") {
  const SqliteFixture fixture;
  REQUIRE(commit(*fixture.open(), batch_of(1, 50)).ok());
  SQLite::Database raw(fixture.file().string());
  const std::string by_definition = "INDEX saga_by_definition (definition=? AND status=?";
  const std::string by_business_key = "INDEX saga_by_business_key (business_key=?";
  const std::vector<Status> three{Status::running, Status::stuck, Status::completed};
  const auto from = at(1);
  const auto before = at(9);
  check_plan(raw, {}, "INTEGER PRIMARY KEY (rowid>? AND rowid<?", 1);
  check_plan(raw, {{}, "", "", from, before}, "INTEGER PRIMARY KEY (rowid>? AND rowid<?", 1);
  check_plan(raw, {{Status::stuck}, "", "", {}, {}}, by_definition, 2);
  check_plan(raw, {three, "", "", {}, {}}, by_definition, 6);
  check_plan(raw, {three, "", "", from, before}, by_definition, 6);
  check_plan(raw, {{}, "transfer", "", {}, {}}, by_definition, 9);
  check_plan(raw, {three, "transfer", "", {}, before}, by_definition, 3);
  check_plan(raw, {{}, "", "order-1", {}, {}}, by_business_key, 1);
  check_plan(raw, {three, "transfer", "order-1", from, before}, by_business_key, 1);
}

TEST_CASE("a list of one status reads only the keys of that index") {
  const SqliteFixture fixture;
  REQUIRE(commit(*fixture.open(), batch_of(1, 50)).ok());
  SQLite::Database raw(fixture.file().string());
  const auto plan =
      plan_of(raw, sqlite::list_query({{Status::stuck}, "", "", {}, {}}, {}, 50, {"transfer"}).sql);
  REQUIRE(plan.size() == 1);
  CHECK(has(plan.front(),
            "USING COVERING INDEX saga_by_definition (definition=? AND status=? AND "
            "rowid>? AND rowid<?"));
}

TEST_CASE("the definitions that sagas run by are found by look-ups, not by a scan") {
  const SqliteFixture fixture;
  REQUIRE(commit(*fixture.open(), batch_of(1, 50)).ok());
  SQLite::Database raw(fixture.file().string());
  const auto plan = plan_of(raw, sqlite::next_definition);
  REQUIRE(plan.size() == 1);
  CHECK(has(plan.front(), "SEARCH saga USING COVERING INDEX saga_by_definition (definition>?)"));
}

TEST_CASE("with very many definitions a status is found by walking the keys") {
  const SqliteFixture fixture;
  REQUIRE(commit(*fixture.open(), batch_of(1, 50)).ok());
  SQLite::Database raw(fixture.file().string());
  const std::vector<std::string> many(500, "transfer");
  const auto query = sqlite::list_query({{Status::stuck}, "", "", {}, {}}, {}, 50, many);
  CHECK(has(plan_of(raw, query.sql).front(), "INTEGER PRIMARY KEY"));
}

}  // namespace

}  // namespace skald::test
