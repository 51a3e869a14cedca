// Sagas that have ended can be removed, and nothing of them stays.
#include "tests/storage/contract_checks.hpp"

namespace skald::test {

namespace {

void store_three(Store& store) {
  Batch batch{{saga(1, Status::completed), saga(2, Status::failed), saga(3)}, {}, {}};
  for (std::int64_t key = 1; key <= 3; ++key) {
    batch.history.push_back(history(key, 1));
    batch.history.push_back(history(key, 2));
    batch.requests.push_back(request("start:" + std::to_string(key), key));
    batch.requests.push_back(request("act:saga-" + std::to_string(key), key));
  }
  must_commit(store, batch);
}

TEST_CASE("what is removed is gone with its history and requests, and the others stay") {
  on_each([](const Backend& backend) {
    auto store = backend.open();
    store_three(*store);
    Batch batch;
    batch.removed = {SagaKey{1}, SagaKey{2}};
    must_commit(*store, batch);
    for (int opening = 0; opening < 2; ++opening) {
      CHECK(keys(*store->reader().list({}, std::nullopt, 9)) == std::vector<std::int64_t>{3});
      CHECK_FALSE(store->reader().find(SagaId{"saga-1"})->has_value());
      CHECK(store->reader().history(SagaKey{1}, 0, 9)->empty());
      CHECK(store->reader().history(SagaKey{3}, 0, 9)->size() == 2);
      CHECK_FALSE(store->writer().find_request("start:1")->has_value());
      CHECK_FALSE(store->writer().find_request("act:saga-2")->has_value());
      CHECK(store->writer().find_request("start:3")->has_value());
      CHECK(store->reader().count()->size() == 1);
      store.reset();
      store = backend.open();
    }
  });
}

TEST_CASE("an id that was removed can be used again, in the same commit as another removal") {
  on_each_store([](Store& store) {
    store_three(store);
    must_commit(store, {.removed = {SagaKey{1}}});
    SagaRow again = saga(4);
    again.id = saga(1).id;
    again.change = RowChange::started;
    must_commit(store, {.sagas = {again}, .removed = {SagaKey{2}}});
    CHECK((*store.reader().find(again.id))->key == SagaKey{4});
  });
}

TEST_CASE("removing what is not there changes nothing") {
  on_each_store([](Store& store) {
    store_three(store);
    must_commit(store, {.removed = {SagaKey{1}}});
    must_commit(store, {.removed = {SagaKey{1}, SagaKey{77}}});
    CHECK(store.reader().list({}, std::nullopt, 9)->size() == 2);
    CHECK(store.reader().count()->size() == 2);
  });
}

TEST_CASE("requests that name no saga go by their age") {
  on_each_store([](Store& store) {
    store_three(store);
    RequestRow old = request("event:old", 0);
    RequestRow young = request("event:young", 0);
    old.at = at(10);
    young.at = at(20);
    must_commit(store, {{}, {}, {old, young}});
    must_commit(store, {.requests_before = at(20)});
    CHECK_FALSE(store.writer().find_request("event:old")->has_value());
    CHECK(store.writer().find_request("event:young")->has_value());
    CHECK(store.writer().find_request("start:1")->has_value());
  });
}

TEST_CASE("the oldest sagas come page by page") {
  on_each_store([](Store& store) {
    store_three(store);
    CHECK(keys(*store.reader().oldest(SagaKey{}, 2)) == std::vector<std::int64_t>{1, 2});
    CHECK(keys(*store.reader().oldest(SagaKey{2}, 2)) == std::vector<std::int64_t>{3});
    CHECK(store.reader().oldest(SagaKey{3}, 2)->empty());
  });
}

}  // namespace

}  // namespace skald::test
