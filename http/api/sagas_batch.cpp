#include <atomic>
#include <nlohmann/json.hpp>

#include "http/api/json_body.hpp"
#include "http/api/request_fields.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"
#include "http/api/start_answer.hpp"
#include "http/api/start_request.hpp"

namespace skald::http {

namespace {

constexpr std::size_t items_max = 1000;

Problem no_items(std::string what) {
  return {.status = 422,
          .code = "BATCH_FORM",
          .detail = std::move(what),
          .hint = "Send a JSON array, or one document a line as application/x-ndjson; 1 to 1000.",
          .findings = {}};
}

/// The items of a JSON array. What an item is itself is seen when it is read.
std::variant<std::vector<Result<Json>>, Problem> items_of_array(const Request& request) {
  const auto body = read_body(request, Body::required);
  if (const auto* refused = std::get_if<Problem>(&body)) return *refused;
  const auto& array = std::get<Json>(body).value();
  if (!array.is_array()) return no_items("The body is not an array.");
  std::vector<Result<Json>> items;
  for (const auto& item : array) items.emplace_back(Json(item));
  return items;
}

/// One line, one item; a line that is no JSON is an item that is refused.
std::vector<Result<Json>> items_of_lines(std::string_view body) {
  std::vector<Result<Json>> items;
  while (!body.empty() && items.size() <= items_max) {
    const auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos)
      items.push_back(Json::parse(line));
  }
  return items;
}

/// A batch on its way: each item is answered in its place, and the last one answers the client.
struct Batching {
  Batching(const ApiParts& with, Respond to, std::size_t count)
      : parts(with),
        respond(std::move(to)),
        results(count, Result<Started>(Started{})),
        open(count) {}

  ApiParts parts;
  Respond respond;
  std::vector<Result<Started>> results;
  std::atomic<std::size_t> open;
};

void write_result(JsonWriter& json, const ApiParts& parts, const Result<Started>& result) {
  const auto shown =
      result ? started_response(parts, *result) : to_response(problem_of(result.error()));
  json.begin_object().integer("status", shown.status);
  json.name(shown.status < 300 ? "saga" : "problem").raw(shown.body).end_object();
}

void answer_all(const Batching& batch) {
  JsonWriter json;
  json.begin_object().name("results").begin_array();
  for (const auto& result : batch.results) write_result(json, batch.parts, result);
  json.end_array().end_object();
  batch.respond(json_response(200, std::move(json).take()));
}

void settle(const std::shared_ptr<Batching>& batch, std::size_t at, Result<Started> result) {
  batch->results[at] = std::move(result);
  if (--batch->open == 0) batch->parts.agenda.soon([batch] { answer_all(*batch); });
}

Error malformed(const Error& error) {
  return {ErrorCode::invalid_argument, "The line is not JSON.", error.message, error.findings};
}

}  // namespace

void start_sagas(const ApiParts& parts, const Request& request, Respond respond) {
  auto read = is_ndjson(request.headers)
                  ? std::variant<std::vector<Result<Json>>, Problem>(items_of_lines(request.body))
                  : items_of_array(request);
  if (const auto* refused = std::get_if<Problem>(&read)) return respond(to_response(*refused));
  const auto& items = std::get<std::vector<Result<Json>>>(read);
  if (items.empty() || items.size() > items_max)
    return respond(to_response(
        no_items(items.empty() ? "The batch is empty." : "The batch has more than 1000 items.")));
  const auto batch = std::make_shared<Batching>(parts, std::move(respond), items.size());
  std::vector<std::pair<StartRequest, OnStarted>> starts;
  for (std::size_t at = 0; at < items.size(); ++at) {
    auto start = items[at] ? read_start(parts.definitions, *items[at], std::nullopt)
                           : Result<StartRequest>(malformed(items[at].error()));
    if (!start) {
      settle(batch, at, start.error());
      continue;
    }
    starts.emplace_back(std::move(*start), [batch, at](Result<Started> started) {
      settle(batch, at, std::move(started));
    });
  }
  parts.orchestrator.start_many(std::move(starts));
}

}  // namespace skald::http
