#include <doctest/doctest.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <atomic>
#include <thread>

#include "tests/examples/service_process.hpp"

using namespace skald::examples_test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const json message{{"to", "ada"}, {"text", "hello"}};

int messages(const ServiceProcess& service) { return service.get("/totals").at("messages"); }

HeaderFields forward(const std::string& saga, int number = 1) {
  return attempt(saga, "notify", "forward", number);
}

}  // namespace

TEST_CASE("a lost reply and its repetition have one effect") {
  const TemporaryDirectory data;
  const ServiceProcess service("notifications", data.path());
  service.turn({{"loseReply", 1}});
  CHECK(!ask(service.port(), "POST", "/messages", message, forward("s1"), 300ms).has_value());
  CHECK(messages(service) == 1);
  service.turn({{"loseReply", 0}});
  CHECK(service.post("/messages", message, forward("s1", 2)).body.at("messageId") == "message-1");
  CHECK(messages(service) == 1);
  const auto journal = service.get("/journal").at("entries");
  CHECK(journal[0].at("reply") == "lost");
  CHECK(journal[0].at("effect") == true);
  CHECK(journal[1].at("decision") == "replay");
  CHECK(journal[1].at("attempt") == 2);
}

TEST_CASE("an error before the effect leaves nothing, one after it is repaired by the repetition") {
  const TemporaryDirectory data;
  const ServiceProcess service("notifications", data.path());
  service.turn({{"error", 1}});
  const int status = service.post("/messages", message, forward("s1")).status;
  CHECK((status == 500 || status == 503));
  CHECK(messages(service) == 0);
  service.turn({{"error", 0}, {"errorAfterEffect", 1}});
  CHECK(service.post("/messages", message, forward("s1", 2)).status == 500);
  CHECK(messages(service) == 1);
  service.turn({{"errorAfterEffect", 0}});
  CHECK(service.post("/messages", message, forward("s1", 3)).status == 200);
  CHECK(messages(service) == 1);
}

TEST_CASE("a key that chance has refused stays refused, and undos are never refused by chance") {
  const TemporaryDirectory data;
  const ServiceProcess service("shipping", data.path(), {"--refuse", "1"});
  const json book{{"order", "o1"}, {"address", "Oslo"}, {"items", {{{"sku", "a"}}}}};
  const auto refused = service.post("/shipments", book, attempt("s1", "ship", "forward"));
  CHECK(refused.status == 409);
  CHECK(refused.body.at("code") == "address_not_served");
  service.turn({{"refuse", 0}});
  CHECK(service.post("/shipments", book, attempt("s1", "ship", "forward", 2)).status == 409);
  CHECK(service.post("/shipments", book, attempt("s2", "ship", "forward")).status == 200);
  service.turn({{"refuse", 1}});
  const json order{{"order", "o1"}};
  CHECK(service.post("/cancellations", order, attempt("s2", "ship", "undo")).status == 200);
}

TEST_CASE("undos alone can be made to fail, until the knob is turned back") {
  const TemporaryDirectory data;
  const ServiceProcess service("shipping", data.path(), {"--undo-error", "1"});
  const json book{{"order", "o1"}, {"address", "Oslo"}, {"items", {{{"sku", "a"}}}}};
  CHECK(service.post("/shipments", book, attempt("s1", "ship", "forward")).status == 200);
  const json order{{"order", "o1"}};
  CHECK(service.post("/cancellations", order, attempt("s1", "ship", "undo")).status >= 500);
  service.turn({{"undoError", 0}});
  CHECK(service.post("/cancellations", order, attempt("s1", "ship", "undo")).status == 200);
}

TEST_CASE("the same seed strikes the same attempts, another seed others") {
  const auto statuses = [](const std::string& seed) {
    const TemporaryDirectory data;
    const ServiceProcess service("notifications", data.path(), {"--seed", seed, "--error", "0.5"});
    std::string all;
    for (int saga = 0; saga < 12; ++saga)
      for (int number = 1; number <= 2; ++number)
        all +=
            std::to_string(
                service.post("/messages", message, forward(std::to_string(saga), number)).status) +
            " ";
    return all;
  };
  const auto seven = statuses("7");
  CHECK(seven == statuses("7"));
  CHECK(seven != statuses("8"));
  CHECK(seven.find("200") != std::string::npos);
  CHECK(seven.find("50") != std::string::npos);
}

TEST_CASE("a delayed answer does not hold up other requests") {
  const TemporaryDirectory data;
  const ServiceProcess service("notifications", data.path(), {"--delay-ms", "600000"});
  CHECK(!ask(service.port(), "POST", "/messages", message, forward("s1"), 100ms).has_value());
  CHECK(messages(service) == 1);
}

TEST_CASE("knobs that do not exist or do not fit are refused together, and none is turned") {
  const TemporaryDirectory data;
  const ServiceProcess service("notifications", data.path());
  const json wrong{{"error", 2}, {"eror", 0}, {"refuse", 1}};
  const auto reply = ask(service.port(), "PUT", "/knobs", wrong);
  REQUIRE(reply.has_value());
  CHECK(reply->status == 400);
  CHECK(reply->body.at("findings").size() == 2);
  CHECK(service.get("/knobs").at("refuse") == 0);
}

TEST_CASE("kill -9 under load loses no answered call and makes no effect twice") {
  const TemporaryDirectory data;
  constexpr int calls = 200;
  std::vector<char> answered(calls, 0);
  {
    ServiceProcess service("notifications", data.path());
    std::atomic<int> done{0};
    std::thread killer([&] {
      for (int seen = done.load(); seen < calls / 4; seen = done.load()) done.wait(seen);
      service.kill();
    });
    for (int i = 0; i < calls; ++i) {
      const auto reply =
          ask(service.port(), "POST", "/messages", message, forward(std::to_string(i)));
      answered[static_cast<std::size_t>(i)] = reply && reply->status == 200 ? 1 : 0;
      ++done;
      done.notify_one();
    }
    killer.join();
  }
  const ServiceProcess service("notifications", data.path());
  int kept = 0;
  for (int i = 0; i < calls; ++i) {
    const int effects = service.effects(std::to_string(i) + "/notify/forward");
    CHECK(effects <= 1);
    CHECK(effects >= answered[static_cast<std::size_t>(i)]);
    kept += effects;
  }
  CHECK(kept >= calls / 4);
  CHECK(messages(service) == kept);
  for (int i = 0; i < calls; ++i)
    CHECK(service.post("/messages", message, forward(std::to_string(i), 2)).status == 200);
  CHECK(messages(service) == calls);
}

TEST_CASE("a service ends cleanly on SIGTERM, also while answers are held back") {
  const TemporaryDirectory data;
  ServiceProcess service("notifications", data.path(), {"--delay-ms", "600000"});
  std::optional<Reply> reply;
  std::thread caller([&, port = service.port()] {
    reply = ask(port, "POST", "/messages", message, forward("s1"));
  });
  while (messages(service) == 0) std::this_thread::yield();
  CHECK(service.terminate() == 0);
  caller.join();
  REQUIRE(reply.has_value());
  CHECK(reply->status == 200);
}

TEST_CASE("the journal is paged and its rows cannot be changed") {
  const TemporaryDirectory data;
  ServiceProcess service("notifications", data.path());
  for (const std::string saga : {"s1", "s2", "s3"})
    CHECK(service.post("/messages", message, forward(saga)).status == 200);
  const auto page = service.get("/journal?after=1&limit=1");
  CHECK(page.at("entries").size() == 1);
  CHECK(page.at("entries")[0].at("saga") == "s2");
  CHECK(page.at("next") == 2);
  CHECK(service.terminate() == 0);
  SQLite::Database db((data.path() / "notifications.db").string(), SQLite::OPEN_READWRITE);
  CHECK_THROWS_AS(db.exec("DELETE FROM journal"), SQLite::Exception);
  CHECK_THROWS_AS(db.exec("UPDATE journal SET effect = 0"), SQLite::Exception);
}
