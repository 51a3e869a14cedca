#include <thread>

#include "tests/storage/contract_checks.hpp"

namespace skald::test {

namespace {

void check_same(const SagaRow& read, const SagaRow& written) {
  CHECK(read.key == written.key);
  CHECK(read.id == written.id);
  CHECK(read.definition == written.definition);
  CHECK(read.business_key == written.business_key);
  CHECK(read.status == written.status);
  CHECK(read.created == written.created);
  CHECK(read.updated == written.updated);
  CHECK(read.ended == written.ended);
  CHECK(read.revision == written.revision);
  CHECK(read.instance == written.instance);
  CHECK(read.due == written.due);
  CHECK(read.keep == written.keep);
}

SagaRow must_find(Store& store, std::int64_t key) {
  const auto found = store.reader().find(SagaKey{key});
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return **found;
}

std::vector<std::int64_t> live_keys(Store& store) {
  std::vector<std::int64_t> live;
  const auto visited =
      store.writer().for_each_live([&](const LiveRow& row) { live.push_back(number(row.key)); });
  REQUIRE(visited.ok());
  return live;
}

void check_empty(Store& store) {
  CHECK(store.reader().list({}, std::nullopt, 10)->empty());
  CHECK(store.reader().history(SagaKey{1}, 0, 10)->empty());
  CHECK(*store.writer().last_key() == SagaKey{});
  CHECK(definitions(store).empty());
}

TEST_CASE("a new store is empty and has an epoch") {
  on_each_store([](Store& store) {
    CHECK(number(store.writer().epoch()) > 0);
    check_empty(store);
    CHECK(store.reader().count()->empty());
    CHECK_FALSE(store.reader().find(SagaId{"nobody"})->has_value());
    CHECK_FALSE(store.reader().find(SagaKey{1})->has_value());
    CHECK_FALSE(store.writer().find_request("start:nobody")->has_value());
  });
}

TEST_CASE("what a commit stored can be read at once, by key and by id, in every field") {
  on_each_store([](Store& store) {
    const SagaRow running = saga(1);
    const SagaRow ended = saga(2, Status::compensated);
    must_commit(store, {{running, ended}, {history(1, 1)}, {request("start:a", 1)}});
    check_same(must_find(store, 1), running);
    check_same(must_find(store, 2), ended);
    check_same(**store.reader().find(running.id), running);
    const auto rows = store.reader().history(SagaKey{1}, 0, 10);
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().saga == SagaKey{1});
    CHECK(rows->front().revision == 1);
    CHECK(rows->front().at == at(1));
    CHECK(rows->front().entries == "[\"1\"]");
    CHECK(*store.writer().last_key() == SagaKey{2});
  });
}

TEST_CASE("every status is stored and read as itself") {
  on_each_store([](Store& store) {
    Batch batch;
    for (int i = 0; i <= static_cast<int>(Status::terminated); ++i)
      batch.sagas.push_back(saga(i + 1, static_cast<Status>(i)));
    must_commit(store, batch);
    for (const SagaRow& row : batch.sagas) check_same(must_find(store, number(row.key)), row);
  });
}

TEST_CASE("a second row with the same key replaces all but id and creation time") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1), saga(2)}, {}, {}});
    SagaRow next = saga(1, Status::completed);
    next.definition = {"transfer-corrected", 2};
    next.business_key = "order-new";
    next.updated = at(500);
    next.revision = 2;
    next.instance = "{\"now\":true}";
    SagaRow given = next;
    given.id.value = "another-id";
    given.created = at(400);
    must_commit(store, {{given}, {}, {}});
    check_same(must_find(store, 1), next);
    CHECK_FALSE(store.reader().find(SagaId{"another-id"})->has_value());
    CHECK(store.reader().list({{}, "", "order-1", {}, {}}, std::nullopt, 9)->empty());
    CHECK(keys(*store.reader().list({{}, "", "order-new", {}, {}}, std::nullopt, 9)) ==
          std::vector<std::int64_t>{1});
  });
}

TEST_CASE("a transition that keeps the status replaces what it brings") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {}, {}});
    SagaRow next = saga(1);
    next.revision = 2;
    next.updated = at(9);
    next.instance = "{\"step\":2}";
    must_commit(store, {{next}, {}, {}});
    check_same(must_find(store, 1), next);
    CHECK(store.reader().list({}, std::nullopt, 10)->size() == 1);
  });
}

TEST_CASE("a row may say what has changed, and then the rest stays as it was") {
  on_each_store([](Store& store) {
    SagaRow row = saga(1);
    row.change = RowChange::started;
    must_commit(store, {{row}, {}, {}});
    row.change = RowChange::moved;
    row.revision = 2;
    row.updated = at(9);
    row.due = at(77);
    row.keep = Keep::no;
    row.instance = "second";
    must_commit(store, {{row}, {}, {}});
    check_same(must_find(store, 1), row);
    row.change = RowChange::status;
    row.revision = 3;
    row.status = Status::completed;
    row.ended = at(10);
    row.due.reset();
    row.instance = "third";
    must_commit(store, {{row}, {}, {}});
    check_same(must_find(store, 1), row);
    CHECK(live_keys(store).empty());
    CHECK(keys(*store.reader().list({{Status::completed}, "", "", {}, {}}, std::nullopt, 9)) ==
          std::vector<std::int64_t>{1});
    row.change = RowChange::status;
    row.status = Status::running;
    row.ended.reset();
    must_commit(store, {{row}, {}, {}});
    CHECK(live_keys(store) == std::vector<std::int64_t>{1});
  });
}

TEST_CASE("a saga that is said to have started and is stored already fails the whole batch") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {}, {}});
    SagaRow same_id = saga(2);
    same_id.id = saga(1).id;
    same_id.change = RowChange::started;
    must_refuse(store, {{same_id}, {}, {}}, ErrorCode::id_conflict, "saga-1");
  });
}

TEST_CASE("many rows of history are stored together, and one that exists fails them all") {
  on_each_store([](Store& store) {
    Batch batch{{saga(1)}, {}, {}};
    for (std::int64_t revision = 1; revision <= 40; ++revision)
      batch.history.push_back(history(1, revision));
    must_commit(store, batch);
    CHECK(store.reader().history(SagaKey{1}, 0, 100)->size() == 40);
    batch.history.clear();
    for (std::int64_t revision = 79; revision >= 40; --revision)
      batch.history.push_back(history(1, revision));
    must_refuse(store, batch, ErrorCode::internal, "history of saga 1");
    CHECK(store.reader().history(SagaKey{1}, 0, 100)->size() == 40);
  });
}

TEST_CASE("a saga first stored with a later revision is stored all the same") {
  on_each_store([](Store& store) {
    SagaRow row = saga(7);
    row.revision = 40;
    must_commit(store, {{row}, {}, {}});
    check_same(must_find(store, 7), row);
  });
}

TEST_CASE("a request key that exists fails the whole batch") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {}, {request("start:a", 1)}});
    must_refuse(store, {{saga(2)}, {history(2, 1)}, {request("start:b", 2), request("start:a", 2)}},
                ErrorCode::internal, "start:a");
    CHECK_FALSE(store.reader().find(SagaKey{2})->has_value());
    CHECK(store.reader().history(SagaKey{2}, 0, 10)->empty());
    CHECK_FALSE(store.writer().find_request("start:b")->has_value());
    must_commit(store, {{saga(2)}, {history(2, 1)}, {request("start:b", 2)}});
  });
}

TEST_CASE("a request key given twice in one batch fails it") {
  on_each_store([](Store& store) {
    must_refuse(store, {{saga(1)}, {}, {request("start:a", 1), request("start:a", 1)}},
                ErrorCode::internal, "start:a");
    check_empty(store);
  });
}

TEST_CASE("a saga id that another saga has fails the whole batch") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {}, {}});
    SagaRow same_id = saga(3);
    same_id.id = saga(1).id;
    must_refuse(store, {{saga(2), same_id}, {}, {}}, ErrorCode::id_conflict, "saga-1");
    CHECK_FALSE(store.reader().find(SagaKey{2})->has_value());
    SagaRow twin = saga(4);
    twin.id = saga(5).id;
    must_refuse(store, {{twin, saga(5)}, {}, {}}, ErrorCode::id_conflict, "saga-5");
    CHECK(*store.writer().last_key() == SagaKey{1});
  });
}

TEST_CASE("a revision that the history has fails the whole batch") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {history(1, 1)}, {}});
    must_refuse(store, {{saga(2)}, {history(1, 2), history(1, 1)}, {}}, ErrorCode::internal,
                "revision 1");
    CHECK(store.reader().history(SagaKey{1}, 0, 10)->size() == 1);
    CHECK_FALSE(store.reader().find(SagaKey{2})->has_value());
  });
}

TEST_CASE("a commit under another epoch is refused, names both and stores nothing") {
  on_each_store([](Store& store) {
    const std::int64_t own = number(store.writer().epoch());
    for (const std::int64_t other : {own - 1, own + 7}) {
      const auto committed = store.writer().commit(Epoch{other}, {{saga(1)}, {}, {}});
      REQUIRE_FALSE(committed.ok());
      CHECK(committed.error().code == ErrorCode::storage_failed);
      const std::string& message = committed.error().message;
      CHECK(message.find("epoch " + std::to_string(other)) != std::string::npos);
      CHECK(message.find("epoch " + std::to_string(own)) != std::string::npos);
      check_empty(store);
    }
    must_commit(store, {{saga(1)}, {}, {}});
  });
}

TEST_CASE("opening again keeps everything and takes over under a larger epoch") {
  on_each([](const Backend& backend) {
    std::int64_t epoch = 0;
    {
      const auto store = backend.open();
      epoch = number(store->writer().epoch());
      must_commit(*store, {{saga(1), saga(2, Status::stuck)}, {history(1, 1)}, {request("r", 1)}});
    }
    const auto store = backend.open();
    CHECK(number(store->writer().epoch()) > epoch);
    check_same(must_find(*store, 1), saga(1));
    CHECK(live_keys(*store) == std::vector<std::int64_t>{1, 2});
    CHECK(store->reader().history(SagaKey{1}, 0, 10)->size() == 1);
    CHECK(store->writer().find_request("r")->has_value());
    CHECK(*store->writer().last_key() == SagaKey{2});
  });
}

TEST_CASE("recovery visits exactly the sagas that have not ended, in key order") {
  on_each_store([](Store& store) {
    Batch batch;
    for (int i = 0; i < 36; ++i)  // keys are committed in falling order
      batch.sagas.push_back(saga(36 - i, static_cast<Status>(i % 9)));
    must_commit(store, batch);
    std::vector<std::int64_t> expected;
    for (int key = 1; key <= 36; ++key)
      if (!is_end(static_cast<Status>((36 - key) % 9))) expected.push_back(key);
    CHECK(live_keys(store) == expected);
    SagaRow ending = saga(expected.front(), Status::cancelled);
    ending.revision = 2;
    must_commit(store, {{ending}, {}, {}});
    expected.erase(expected.begin());
    CHECK(live_keys(store) == expected);
  });
}

TEST_CASE("recovery tells what a saga waits for, and may read from the store meanwhile") {
  on_each_store([](Store& store) {
    must_commit(store, {{saga(1)}, {}, {}});
    int visited = 0;
    const auto outcome = store.writer().for_each_live([&](const LiveRow& row) {
      ++visited;
      CHECK(row.key == SagaKey{1});
      CHECK(row.definition == saga(1).definition);
      CHECK(row.status == Status::running);
      CHECK(row.due == saga(1).due);
      CHECK(row.keep == saga(1).keep);
      check_same(must_find(store, 1), saga(1));
    });
    CHECK(outcome.ok());
    CHECK(visited == 1);
  });
}

TEST_CASE("requests are found by key, in every field, and all are visited") {
  on_each_store([](Store& store) {
    must_commit(store, {{}, {}, {request("start:a", 1), request("start-id:x", 2)}});
    const auto found = store.writer().find_request("start-id:x");
    REQUIRE(found->has_value());
    CHECK((*found)->key == "start-id:x");
    CHECK((*found)->fingerprint == request("", 2).fingerprint);
    CHECK((*found)->saga == SagaKey{2});
    CHECK((*found)->at == at(2));
    CHECK((*found)->answer == R"({"of":2})");
    CHECK_FALSE(store.writer().find_request("start:")->has_value());
    std::vector<std::string> visited;
    CHECK(store.writer().for_each_request([&](const RequestRow& r) { visited.push_back(r.key); }));
    std::sort(visited.begin(), visited.end());
    CHECK(visited == std::vector<std::string>{"start-id:x", "start:a"});
  });
}

TEST_CASE("history is read oldest first in pages that neither skip nor repeat") {
  on_each_store([](Store& store) {
    Batch batch{{saga(1), saga(2)}, {history(2, 1)}, {}};
    for (std::int64_t revision = 7; revision >= 1; --revision)
      batch.history.push_back(history(1, revision));
    must_commit(store, batch);
    std::vector<std::int64_t> read;
    std::int64_t after = 0;
    for (;;) {
      const auto page = store.reader().history(SagaKey{1}, after, 3);
      REQUIRE(page.ok());
      if (page->empty()) break;
      for (const HistoryRow& row : *page) read.push_back(row.revision);
      after = read.back();
    }
    CHECK(read == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7});
    CHECK(store.reader().history(SagaKey{1}, 0, 0)->empty());
    CHECK(store.reader().history(SagaKey{3}, 0, 10)->empty());
  });
}

TEST_CASE("ids, keys and texts of any script and with odd characters come back as they were") {
  on_each_store([](Store& store) {
    const std::vector<std::string> texts{"Überweisung-Ægir-送金-🛡️",
                                         "it's \"quoted\"; DROP TABLE saga",
                                         "%_\\*?",
                                         " leading and trailing ",
                                         std::string("zero\0inside", 11),
                                         std::string(5000, 'x')};
    std::int64_t key = 0;
    for (const std::string& text : texts) {
      SagaRow row = saga(++key);
      row.id.value = text;
      row.definition.name = text;
      row.business_key = text;
      row.instance = text;
      RequestRow asked = request("start:" + text, key);
      must_commit(store, {{row}, {{row.key, 1, at(1), text}}, {asked}});
      check_same(**store.reader().find(row.id), row);
      CHECK(keys(*store.reader().list({{}, text, text, {}, {}}, std::nullopt, 9)) ==
            std::vector<std::int64_t>{key});
      CHECK(store.reader().history(row.key, 0, 1)->front().entries == text);
      CHECK((*store.writer().find_request(asked.key))->key == asked.key);
    }
  });
}

TEST_CASE("sagas without a business key are stored and listed") {
  on_each_store([](Store& store) {
    SagaRow without = saga(1);
    without.business_key = "";
    must_commit(store, {{without, saga(2)}, {}, {}});
    check_same(must_find(store, 1), without);
    CHECK(keys(*store.reader().list({}, std::nullopt, 10)) == std::vector<std::int64_t>{2, 1});
    without.revision = 2;
    without.business_key = "given later";
    must_commit(store, {{without}, {}, {}});
    CHECK(keys(*store.reader().list({{}, "", "given later", {}, {}}, std::nullopt, 10)) ==
          std::vector<std::int64_t>{1});
  });
}

TEST_CASE("count gives each definition and status with its number of sagas") {
  on_each_store([](Store& store) {
    SagaRow other = saga(4);
    other.definition.name = "booking";
    must_commit(store, {{saga(1), saga(2), saga(3, Status::failed), other}, {}, {}});
    const auto counts = store.reader().count();
    REQUIRE(counts.ok());
    std::map<std::pair<std::string, Status>, std::int64_t> found;
    for (const StatusCount& line : *counts) found[{line.definition.name, line.status}] = line.count;
    CHECK(found == std::map<std::pair<std::string, Status>, std::int64_t>{
                       {{"booking", Status::running}, 1},
                       {{"transfer", Status::running}, 2},
                       {{"transfer", Status::failed}, 1}});
  });
}

TEST_CASE("an empty batch is a commit") {
  on_each_store([](Store& store) {
    must_commit(store, {});
    check_empty(store);
  });
}

TEST_CASE("readers on many threads see every commit that returned before they asked") {
  on_each_store([](Store& store) {
    constexpr std::int64_t commits = 200;
    std::atomic<std::int64_t> committed{0};
    std::atomic<int> misses{0};
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i)
      readers.emplace_back([&] {
        for (std::int64_t seen = 0; seen < commits && misses == 0;) {
          seen = committed.load();
          if (seen == 0) continue;
          const auto row = store.reader().find(SagaKey{seen});
          const auto newest = store.reader().list({}, std::nullopt, 1);
          const bool found = row && row->has_value() && newest && !newest->empty() &&
                             number(newest->front().key) >= seen;
          if (!found) ++misses;
        }
      });
    for (std::int64_t key = 1; key <= commits; ++key) {
      const auto outcome = commit(store, {{saga(key)}, {history(key, 1)}, {}});
      if (!outcome) misses = 1;
      committed = key;
    }
    readers.clear();
    CHECK(misses == 0);
  });
}

}  // namespace

}  // namespace skald::test
