#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// Steps that run once for each item of a list.
namespace skald::test {

namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

/// "Packing" packs each item of input.items, two at a time; then "Shipping" ships.
Build packing(std::uint32_t concurrency = 2) {
  Build b;
  b.initial("Packing").calls("Packing", "pack").final("Shipped").final("Lost", Final::failure);
  b.of("pack").for_each =
      ForEach{{[](const SagaView& saga, const EventView&) { return saga.input().at("items"); }, {}},
              concurrency};
  b.of("pack").call.body = {[](const SagaView& saga, const EventView&) {
                              return json{{"item", saga.item()}, {"index", saga.index()}};
                            },
                            {}};
  b.of("pack").undo->body = {[](const SagaView& saga, const EventView&) {
                               return json{{"item", saga.item()}, {"box", saga.output("pack")}};
                             },
                             {}};
  b.row("Packing", "pack.done", "Shipping");
  b.row("Packing", "pack.failed", "Lost").actions = {UnwindAll{}};
  b.calls("Shipping", "ship");
  b.of("ship").call.body = {[](const SagaView& saga, const EventView&) {
                              return json{{"boxes", saga.output("pack")}};
                            },
                            {}};
  b.row("Shipping", "ship.done", "Shipped");
  b.row("Shipping", "ship.failed", "Lost").actions = {UnwindAll{}};
  return b;
}

constexpr std::string_view four = R"({"items":["a","b","c","d"]})";

Names bodies(const Driver& driver) {
  Names all;
  for (const auto& call : driver.in_flight) all.push_back(call.body.text());
  return all;
}

TEST_CASE("as many items as may run at once; the next begins when one is done") {
  Driver driver(packing().d, {}, four);
  driver.start();
  CHECK(bodies(driver) == Names{R"({"index":0,"item":"a"})", R"({"index":1,"item":"b"})"});
  driver.answer("pack", done("1"));
  CHECK(bodies(driver) == Names{R"({"index":1,"item":"b"})", R"({"index":2,"item":"c"})"});
  driver.answer("pack", done("2"));
  driver.answer("pack", done("3"));
  CHECK(where(driver) == "Packing");
  driver.answer("pack", done("4"));
  CHECK(bodies(driver) == Names{R"({"boxes":[1,2,3,4]})"});
  driver.answer("ship", done());
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("outputs stand in the order of the items, whatever is done first") {
  Driver driver(packing(4).d, {}, four);
  driver.start();
  std::swap(driver.in_flight[0], driver.in_flight[3]);
  for (const char* output : {"\"last\"", "2", "3", "\"first\""})
    driver.answer("pack", done(output));
  CHECK(bodies(driver) == Names{R"({"boxes":["first",2,3,"last"]})"});
}

TEST_CASE("an empty list is done at once") {
  Driver driver(packing().d, {}, R"({"items":[]})");
  driver.start();
  CHECK(bodies(driver) == Names{R"({"boxes":[]})"});
}

TEST_CASE("what is no list fails the step as a defect") {
  Driver driver(packing().d, {}, R"({"items":7})");
  driver.start();
  CHECK(driver.saga.status == Status::failed);
  CHECK(driver.history[2].message ==
        "the list of 'pack' cannot be made: it is number and must be a list");
}

TEST_CASE("a refused item undoes the others, each with its own item and output") {
  Driver driver(packing(2).d, {}, four);
  driver.start();
  driver.answer("pack", done(R"("box-a")"));
  driver.answer("pack", refused());
  CHECK(driver.in_flight.size() == 1);  // c is in flight and awaited; d is not begun
  driver.answer("pack", done(R"("box-c")"));
  CHECK(bodies(driver) == Names{R"({"box":"box-c","item":"c"})"});
  driver.answer("undo pack", done());
  CHECK(bodies(driver) == Names{R"({"box":"box-a","item":"a"})"});
  driver.answer("undo pack", done());
  CHECK(driver.saga.status == Status::compensated);
}

TEST_CASE("where the table goes on after a refused item, what others did is undone on the way") {
  Build b = packing(2);
  b.d.transitions[1].actions.clear();
  b.d.transitions[1].target = b.state("Shipping");
  Driver driver(b.d, {}, four);
  driver.start();
  driver.answer("pack", done(R"("box-a")"));
  driver.answer("pack", refused());
  CHECK(where(driver) == "Shipping");
  CHECK(driver.in_flight.size() == 3);  // c, ship, undo of a
  driver.answer("pack", unreachable());
  driver.answer("ship", done());
  CHECK(driver.saga.status == Status::running);
  driver.answer("undo pack", done());
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("a step that runs again begins its items anew, under keys of their own") {
  Build b = packing(1);
  b.signal("again");
  b.row("Shipping", "again", "Packing");
  Driver driver(b.d, {}, R"({"items":["a"]})");
  driver.start();
  const auto key = [&] {
    return idempotency_key(driver.definition, driver.saga.id, driver.in_flight.back());
  };
  CHECK(key() == "saga-1/pack/forward");
  driver.answer("pack", done("1"));
  driver.send(Receive{"again", {}});
  CHECK(key() == "saga-1/pack#2/forward");
  driver.answer("pack", done("2"));
  CHECK(driver.saga.loops.begin()->second.outputs.text() == "[2]");
}

}  // namespace

}  // namespace skald::test
