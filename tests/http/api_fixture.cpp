#include "tests/http/api_fixture.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/core/input.hpp"
#include "engine/orchestrator/log.hpp"
#include "http/api/node_routes.hpp"
#include "http/api/saga_json.hpp"
#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/http/api_contract.hpp"

namespace skald::http::test {

namespace {

Definition sound(Result<Definition> made) {
  REQUIRE(made.ok());
  return std::move(*made);
}

void check_contract(const std::string& bytes, const Answer& answer) {
  static const Contract contract{std::string(openapi_text)};
  Seen seen;
  seen.method = bytes.substr(0, bytes.find(' '));
  const auto target = bytes.substr(seen.method.size() + 1);
  seen.path = target.substr(0, target.find_first_of(" ?"));
  seen.status = answer.status;
  const auto by_server = answer.field("content-type").value_or("");
  seen.content_type = answer.field("Content-Type").value_or(by_server);
  seen.body = answer.body;
  for (const auto& error : contract.errors(seen)) FAIL_CHECK(seen.path << ": " << error);
}

}  // namespace

void HeldCalls::invoke(const Operation&, Invocation invocation, OnOutcome on_outcome) {
  const std::lock_guard lock(mutex_);
  held_.push_back({std::move(invocation), std::move(on_outcome)});
  arrived_.notify_one();
}

void HeldCalls::stop() {
  const std::lock_guard lock(mutex_);
  held_.clear();
}

HeldCalls::Call HeldCalls::take() {
  std::unique_lock lock(mutex_);
  REQUIRE(arrived_.wait_for(lock, std::chrono::seconds(5), [this] { return !held_.empty(); }));
  auto call = std::move(held_.front());
  held_.pop_front();
  return call;
}

Definition impatient(std::uint32_t version) {
  auto definition = sound(sagas::money_transfer());
  definition.ref = {"impatient", version};
  for (auto& step : definition.steps) step.retry.attempts = step.undo_retry.attempts = 1;
  definition.input = schema_of({{.name = "source", .minimum = 1},
                                {.name = "target", .minimum = 1},
                                {.name = "amount", .type = Field::Type::integer, .minimum = 1},
                                {.name = "memo", .required = false}});
  return definition;
}

Api::Api(bool recovered)
    : live([this](const SagaRow& row) { return summary_json(definitions, row); }),
      orchestrator({.definitions = definitions,
                    .store = *store,
                    .participants = calls,
                    .now = [this] { return Timestamp{Duration{millis}}; },
                    .random = RandomSource{7},
                    .listener = &live}) {
  log::set_level(log::Level::off);  // what tests provoke is not news
  REQUIRE(definitions.add(sound(sagas::money_transfer())).ok());
  REQUIRE(definitions.add(sound(sagas::order_fulfilment())).ok());
  REQUIRE(definitions.add(impatient(1)).ok());
  REQUIRE(definitions.add(impatient(2)).ok());
  if (recovered) {
    REQUIRE(orchestrator.recover().ok());
    orchestrator.run();
  }
  add_routes(router, {orchestrator,
                      store->reader(),
                      definitions,
                      agenda,
                      long_work,
                      documents,
                      live,
                      {"0.1.0", "0a\"b\\c", "a\ncompiler"}});
  server = std::make_unique<TestServer>([this](Request request, Respond respond) {
    router.handle(std::move(request), std::move(respond));
  });
}

Api::~Api() {
  long_work.close();
  agenda.close();
  live.close();
  (*server)->stop();
  calls.stop();
  orchestrator.drain(std::chrono::milliseconds{0});
}

Answer Api::exchange(const std::string& bytes) {
  Client client(server->port());
  auto answer = client.exchange(bytes);
  check_contract(bytes, answer);
  return answer;
}

Answer Api::get(const std::string& target, const std::string& fields) {
  return exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
}

Answer Api::post(const std::string& target, const std::string& body, const std::string& fields) {
  const std::string type = body.empty() ? "" : "Content-Type: application/json\r\n";
  return exchange("POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + type + fields +
                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

std::string Api::start(const std::string& definition, const std::string& more) {
  const auto answer = post("/v1/sagas", transfer(definition, more));
  REQUIRE(answer.status == 202);
  return json_of(answer).at("id");
}

void Api::add(const std::string& document) {
  const auto answer = post("/v1/definitions", document);
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
}

void Api::run(const std::string& definition, const std::string& id, const std::string& input) {
  const auto answer = post("/v1/sagas", R"({"definition":")" + definition + R"(","id":")" + id +
                                            R"(","input":)" + input + "}");
  REQUIRE_MESSAGE(answer.status < 300, answer.body);
}

nlohmann::json Api::saga(const std::string& id) { return json_of(get("/v1/sagas/" + id)); }

bool Api::reaches(const std::string& id, const std::string& status) {
  return eventually([&] { return saga(id).value("status", "") == status; });
}

void Api::check_nothing_stored() {
  CHECK(json_of(get("/v1/sagas")).at("sagas").empty());
  CHECK(orchestrator.metrics().transitions == 0);
}

std::string transfer(const std::string& definition, const std::string& more) {
  return R"({"definition":")" + definition +
         R"(","input":{"source":"alice","target":"bob","amount":5})" + more + "}";
}

nlohmann::json parsed(const std::string& text) { return nlohmann::json::parse(text); }

nlohmann::json json_of(const Answer& answer) {
  auto parsed = nlohmann::json::parse(answer.body, nullptr, false);
  return parsed.is_discarded() ? nlohmann::json() : parsed;
}

std::string code_of(const Answer& answer) {
  const auto problem = json_of(answer);
  return problem.is_object() ? problem.value("code", "") : "";
}

std::set<std::string> places_in(const Answer& answer) {
  std::set<std::string> places;
  const auto problem = json_of(answer);
  if (problem.contains("errors"))
    for (const auto& error : problem["errors"]) places.insert(error.at("pointer"));
  return places;
}

std::string why_at(const Answer& answer, const std::string& pointer) {
  const auto problem = json_of(answer);
  if (problem.contains("errors"))
    for (const auto& error : problem["errors"])
      if (error.at("pointer") == pointer) return error.at("detail");
  return {};
}

}  // namespace skald::http::test
