#include <doctest/doctest.h>

#include <random>

#include "tests/storage/rows_for_tests.hpp"
#include "tests/storage/store_contract.hpp"

namespace skald::test {

namespace {

constexpr std::int64_t sagas = 3000;

/// Sagas with mixed definitions, statuses and business keys. Every 500th was created while the
/// clock was set back by more than the sagas' whole span, and every 700th while it was ahead.
std::vector<SagaRow> mixed_sagas() {
  std::mt19937 chance(20261121);  // NOLINT: the same rows in every run
  std::vector<SagaRow> rows;
  for (std::int64_t key = 1; key <= sagas; ++key) {
    SagaRow row = saga(key, static_cast<Status>(chance() % 9));
    row.definition.name = std::array{"transfer", "booking", "order"}[chance() % 3];
    row.business_key = chance() % 4 == 0 ? "" : "customer-" + std::to_string(chance() % 40);
    row.created = at(key * 10);
    if (key % 500 == 0) row.created = at(-100'000 + key);
    if (key % 700 == 0) row.created = at(100'000 + key);
    rows.push_back(std::move(row));
  }
  return rows;
}

bool shows(const SagaFilter& filter, const SagaRow& row) {
  const auto& wanted = filter.statuses;
  return (wanted.empty() || std::count(wanted.begin(), wanted.end(), row.status) > 0) &&
         (filter.definition.empty() || row.definition.name == filter.definition) &&
         (filter.business_key.empty() || row.business_key == filter.business_key) &&
         (!filter.created_from || row.created >= *filter.created_from) &&
         (!filter.created_before || row.created < *filter.created_before);
}

std::vector<std::int64_t> expected_keys(const std::vector<SagaRow>& rows,
                                        const SagaFilter& filter) {
  std::vector<std::int64_t> wanted;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row)
    if (shows(filter, *row)) wanted.push_back(number(row->key));
  return wanted;
}

/// All pages of the list, one after the other.
std::vector<std::int64_t> listed_keys(Store& store, const SagaFilter& filter, std::size_t limit) {
  std::vector<std::int64_t> listed;
  std::optional<SagaKey> before;
  for (;;) {
    const auto page = store.reader().list(filter, before, limit);
    REQUIRE(page.ok());
    for (const SagaRow& row : *page) CHECK(shows(filter, row));
    for (const std::int64_t key : keys(*page)) listed.push_back(key);
    if (page->size() < limit) return listed;
    before = page->back().key;
  }
}

/// Every combination of these conditions; 4 · 3 · 3 · 4 · 4 filters.
std::vector<SagaFilter> all_filters() {
  std::vector<SagaFilter> filters;
  const std::vector<std::vector<Status>> statuses{
      {},
      {Status::stuck},
      {Status::running, Status::completed, Status::failed},
      {Status::paused, Status::paused}};
  const std::vector<std::optional<Timestamp>> froms{std::nullopt, at(12'000), at(-99'500), at(10)};
  const std::vector<std::optional<Timestamp>> befores{std::nullopt, at(12'010), at(25'000),
                                                      at(-100'000)};
  for (const auto& status : statuses)
    for (const char* definition : {"", "booking", "nothing"})
      for (const char* business_key : {"", "customer-7", "nobody"})
        for (const auto& from : froms)
          for (const auto& before : befores)
            filters.push_back({status, definition, business_key, from, before});
  return filters;
}

void on_each_filled_store(const std::function<void(Store&, const std::vector<SagaRow>&)>& test) {
  const std::vector<SagaRow> rows = mixed_sagas();
  for (const BackendFactory& make : backends()) {
    const Backend backend = make();
    INFO("backend: " << backend.name);
    const auto store = backend.open();
    REQUIRE(store->writer().commit(store->writer().epoch(), {rows, {}, {}}).ok());
    test(*store, rows);
  }
}

TEST_CASE("every combination of filters lists exactly the sagas it describes, newest first") {
  on_each_filled_store([](Store& store, const std::vector<SagaRow>& rows) {
    for (const SagaFilter& filter : all_filters())
      CHECK(listed_keys(store, filter, 100) == expected_keys(rows, filter));
  });
}

TEST_CASE("pages of any size put together are the whole list") {
  on_each_filled_store([](Store& store, const std::vector<SagaRow>& rows) {
    const SagaFilter filter{{Status::running, Status::stuck}, "order", "", {}, at(25'000)};
    for (const std::size_t limit : {1U, 2U, 7U, 50U, 100'000U})
      CHECK(listed_keys(store, filter, limit) == expected_keys(rows, filter));
    CHECK(store.reader().list(filter, std::nullopt, 0)->empty());
    CHECK(store.reader().list({}, SagaKey{1}, 10)->empty());
    CHECK(store.reader().list({}, std::nullopt, std::numeric_limits<std::size_t>::max())->size() ==
          rows.size());
  });
}

TEST_CASE("a list that grows while it is paged skips and repeats nothing") {
  on_each_filled_store([](Store& store, const std::vector<SagaRow>& rows) {
    const SagaFilter filter{{Status::running, Status::paused}, "", "", {}, {}};
    std::vector<std::int64_t> listed;
    std::optional<SagaKey> before;
    std::int64_t next = sagas;
    for (;;) {
      const auto page = store.reader().list(filter, before, 9);
      REQUIRE(page.ok());
      for (const std::int64_t key : keys(*page)) listed.push_back(key);
      if (page->size() < 9) break;
      before = page->back().key;
      const Batch more{{saga(++next), saga(++next)}, {}, {}};
      REQUIRE(store.writer().commit(store.writer().epoch(), more).ok());
    }
    CHECK(listed == expected_keys(rows, filter));
  });
}

TEST_CASE("a saga leaves the list of its old status and joins that of its new one") {
  on_each_filled_store([](Store& store, const std::vector<SagaRow>& rows) {
    SagaRow moved = rows[41];
    moved.status = moved.status == Status::stuck ? Status::running : Status::stuck;
    moved.ended.reset();
    moved.revision = 2;
    REQUIRE(store.writer().commit(store.writer().epoch(), {{moved}, {}, {}}).ok());
    const SagaFilter old_status{{rows[41].status}, "", "", {}, {}};
    const SagaFilter new_status{{moved.status}, "", "", {}, {}};
    const auto with_old = listed_keys(store, old_status, 1000);
    const auto with_new = listed_keys(store, new_status, 1000);
    CHECK(std::count(with_old.begin(), with_old.end(), 42) == 0);
    CHECK(std::count(with_new.begin(), with_new.end(), 42) == 1);
  });
}

}  // namespace

}  // namespace skald::test
