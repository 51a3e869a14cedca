#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "http/api/api.hpp"
#include "storage/memory/memory_store.hpp"
#include "tests/http/server_client.hpp"

namespace skald::http::test {

/// A participant that keeps every call until the test answers it.
class HeldCalls : public Participant {
 public:
  struct Call {
    Invocation invocation;
    OnOutcome answer;
  };

  void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) override;
  void stop() override;

  /// The oldest call not taken yet; waits for it, at most five seconds.
  [[nodiscard]] Call take();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Call> held_;
};

/// Like money-transfer, but every policy allows one attempt, and the input has what a definition
/// can declare.
[[nodiscard]] Definition impatient(std::uint32_t version = 1);

/// The whole API on a loopback port: real server, real orchestrator, memory store, participants in
/// the test's hand and a clock that stands still unless the test moves it.
///
/// Knows the definitions money-transfer, order-fulfilment and impatient (versions 1 and 2). Every
/// exchange is held against the API's own description.
class Api {
 public:
  explicit Api(bool recovered = true);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  Answer get(const std::string& target, const std::string& fields = "");
  /// `fields` are header lines, each ended with CRLF. A body goes as application/json.
  Answer post(const std::string& target, const std::string& body, const std::string& fields = "");
  /// Sends `bytes` as they are; the first line names what is held against the description.
  Answer exchange(const std::string& bytes);

  /// Starts a saga and returns its id.
  std::string start(const std::string& definition, const std::string& more = "");
  /// Registers a document in JSON.
  void add(const std::string& document);
  /// Starts the saga `id` with this input, in JSON.
  void run(const std::string& definition, const std::string& id, const std::string& input = "{}");
  /// GET /v1/sagas/{id}, parsed.
  nlohmann::json saga(const std::string& id);
  /// Asks until the saga has this status, at most five seconds.
  bool reaches(const std::string& id, const std::string& status);
  /// Nothing was ever stored: no saga is listed and no transition took place.
  void check_nothing_stored();

  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::unique_ptr<Store> store = open_memory_store(disk);
  Registry definitions;
  HeldCalls calls;
  LiveFeed live;
  std::atomic<std::int64_t> millis{1'767'225'600'000};  ///< 2026-01-01T00:00:00Z
  Orchestrator orchestrator;
  Agenda agenda;
  Agenda long_work;
  document::LoadOptions documents;
  Router router;
  std::unique_ptr<TestServer> server;
};

/// A start request for money-transfer or impatient; `more` is further members, with a comma first.
[[nodiscard]] std::string transfer(const std::string& definition, const std::string& more = "");

/// `answer`'s body, parsed; null when it is not JSON.
[[nodiscard]] nlohmann::json json_of(const Answer& answer);

/// The value in a JSON text of a test.
[[nodiscard]] nlohmann::json parsed(const std::string& text);

/// The code of a problem, or empty.
[[nodiscard]] std::string code_of(const Answer& answer);

/// The places of a problem's errors.
[[nodiscard]] std::set<std::string> places_in(const Answer& answer);

/// Why a problem's error at `pointer` was found; empty when there is none.
[[nodiscard]] std::string why_at(const Answer& answer, const std::string& pointer);

}  // namespace skald::http::test
