#include <array>

#include "http/api/page_token.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/saga_filter.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

constexpr std::int64_t page_default = 50;
constexpr std::int64_t page_max = 1000;

SagaFilter filter_in(Query& query) {
  SagaFilter filter;
  filter.statuses = statuses_in(query);
  filter.definition = query.text("definition").value_or("");
  filter.business_key = query.text("businessKey").value_or("");
  filter.created_from = query.time("createdFrom");
  filter.created_before = query.time("createdBefore");
  return filter;
}

Problem bad_page_token() {
  return {.status = 400,
          .code = "BAD_PAGE_TOKEN",
          .detail = "The pageToken is damaged, or belongs to a list with another filter.",
          .hint = "Repeat the list's parameters with each token, or begin without pageToken.",
          .findings = {{"pageToken", "is not a token of this list", "BAD_PAGE_TOKEN"}}};
}

std::string next_link(const Query& query, const std::string& token) {
  const auto others = query.without("pageToken");
  return "</v1/sagas?" + others + (others.empty() ? "" : "&") + "pageToken=" + token +
         ">; rel=\"next\"";
}

}  // namespace

void list_sagas(const ApiParts& parts, const Request& request, const Respond& respond) {
  Query query(request.query, {"status", "definition", "businessKey", "stuck", "createdFrom",
                              "createdBefore", "pageSize", "pageToken"});
  const auto filter = filter_in(query);
  const auto size =
      static_cast<std::size_t>(query.integer("pageSize", 1, page_max).value_or(page_default));
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  std::optional<SagaKey> before;
  if (const auto token = query.text("pageToken")) {
    before = read_page_token(*token, filter);
    if (!before) return respond(to_response(bad_page_token()));
  }
  // One more than is shown tells whether there is a next page.
  auto rows = parts.reader.list(filter, before, size + 1);
  if (!rows) return respond(to_response(problem_of(rows.error())));
  const bool more = rows->size() > size;
  if (more) rows->pop_back();

  JsonWriter json;
  json.begin_object().name("sagas").begin_array();
  for (const auto& row : *rows) write_summary(json, parts.definitions, row);
  json.end_array();
  const auto token = more ? page_token(rows->back().key, filter) : std::string();
  json.text_unless_empty("nextPageToken", token).end_object();
  auto response = json_response(200, std::move(json).take());
  if (more) response.headers.add("Link", next_link(query, token));
  respond(std::move(response));
}

}  // namespace skald::http
