#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

/// A client of GET /v1/stream.
class Stream {
 public:
  Stream(Api& api, const std::string& query, const std::string& fields = "")
      : client_(api.server->port()) {
    client_.send("GET /v1/stream" + query + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    head_ = client_.receive_until("\r\n\r\n");
  }

  struct Event {
    std::string id, name;
    json data;
  };
  [[nodiscard]] Event next() {
    static_cast<void>(client_.receive_until("id: "));
    auto id = client_.receive_until("\n");
    static_cast<void>(client_.receive_until("event: "));
    auto name = client_.receive_until("\n");
    static_cast<void>(client_.receive_until("data: "));
    const auto data = client_.receive_until("\n\n");
    REQUIRE_FALSE(data.empty());
    id.pop_back();
    name.pop_back();
    return {id, name, json::parse(data)};
  }
  /// The next event that tells of this saga with this status.
  [[nodiscard]] Event tells(const std::string& id, const std::string& status) {
    for (;;) {
      auto event = next();
      if (event.name == "saga" && event.data["id"] == id && event.data["status"] == status)
        return event;
    }
  }
  [[nodiscard]] const std::string& head() const { return head_; }

 private:
  Client client_;
  std::string head_;
};

json listed(Api& api, const std::string& id) {
  const auto page = json_of(api.get("/v1/sagas"));
  for (const auto& saga : page["sagas"])
    if (saga["id"] == id) return saga;
  return {};
}

}  // namespace

TEST_CASE("a stream tells of every saga what a list shows of it") {
  Api api;
  Stream stream(api, "");
  CHECK(stream.head().find("HTTP/1.1 200") == 0);
  CHECK(stream.head().find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(stream.head().find("Cache-Control: no-store\r\n") != std::string::npos);
  const auto hello = stream.next();
  CHECK(hello.name == "hello");
  CHECK(hello.data["cursor"] == hello.id);
  api.start("impatient", R"(,"id":"a")");
  CHECK(stream.tells("a", "running").data == listed(api, "a"));
  api.calls.take().answer(Done{});
  api.calls.take().answer(Unknown{"lost"});
  const auto stuck = stream.tells("a", "stuck");
  CHECK(stuck.data == listed(api, "a"));
  CHECK(stuck.data.contains("stuckReason"));
}

TEST_CASE("a stream goes on where the last one ended") {
  Api api;
  std::string cursor;
  {
    Stream stream(api, "");
    api.start("impatient", R"(,"id":"a")");
    cursor = stream.tells("a", "running").id;
  }
  api.start("impatient", R"(,"id":"b")");
  Stream by_header(api, "?after=0-0", "Last-Event-ID: " + cursor + "\r\n");
  CHECK(by_header.next().name == "hello");
  CHECK(by_header.next().data["id"] == "b");
  Stream by_query(api, "?after=" + cursor);
  CHECK(by_query.next().name == "hello");
  CHECK(by_query.next().data["id"] == "b");
  Stream lost(api, "?after=0-0");
  CHECK(lost.next().name == "hello");
  CHECK(lost.next().name == "resync");
}

TEST_CASE("a stream tells only of what was asked for, and of what leaves it") {
  Api api;
  Stream one(api, "?saga=b");
  Stream running(api, "?status=running&definition=impatient");
  CHECK(one.next().name == "hello");
  CHECK(running.next().name == "hello");
  api.start("money-transfer", R"(,"id":"a")");
  api.start("impatient", R"(,"id":"b")");
  CHECK(one.next().data["id"] == "b");
  CHECK(running.next().data["id"] == "b");
  static_cast<void>(api.calls.take());
  api.calls.take().answer(Failed{"no", "no"});
  REQUIRE(api.reaches("b", "failed"));
  CHECK(running.tells("b", "failed").data == listed(api, "b"));
}

TEST_CASE("what is wrong with a stream is told before it begins") {
  Api api;
  CHECK(places_in(api.get("/v1/stream?status=going&color=red")) ==
        std::set<std::string>{"status", "color"});
  CHECK(places_in(api.get("/v1/changes?wait=61")) == std::set<std::string>{"wait"});
}

TEST_CASE("long polls tell the same as streams") {
  Api api;
  const auto begin = json_of(api.get("/v1/changes"));
  CHECK(begin["changes"].empty());
  CHECK(begin["resync"] == false);
  const auto after = "/v1/changes?after=" + begin["cursor"].get<std::string>();
  CHECK(json_of(api.get(after + "&wait=0")) == begin);
  api.start("impatient", R"(,"id":"a")");
  const auto moved = json_of(api.get(after));
  REQUIRE(moved["changes"].size() == 1);
  CHECK(moved["changes"][0] == listed(api, "a"));
  CHECK(moved["cursor"] != begin["cursor"]);
  CHECK(json_of(api.get("/v1/changes?after=nonsense"))["resync"] == true);
}

TEST_CASE("streams are counted while their clients are there") {
  Api api;
  const auto counted = [&](const std::string& count) {
    return eventually([&] {
      return api.get("/metrics").body.find("skald_stream_clients " + count + "\n") !=
             std::string::npos;
    });
  };
  CHECK(counted("0"));
  {
    Stream stream(api, "");
    CHECK(counted("1"));
  }
  CHECK(counted("0"));
}
