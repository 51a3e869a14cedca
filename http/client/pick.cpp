#include "http/client/pick.hpp"

#include <algorithm>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "http/client/command.hpp"
#include "http/server/uri.hpp"

namespace skald::client {

namespace {

constexpr std::size_t page_max = 1000;

}  // namespace

void add_pick(CLI::App& command, Pick& pick) {
  const std::string group = "Which sagas";
  command.add_option("--status", pick.statuses, "Any of these: running,stuck,…")
      ->delimiter(',')
      ->group(group);
  command.add_option("--def", pick.definition, "Of this definition")->group(group);
  command.add_option("--key", pick.key, "With this business key")->group(group);
  command.add_option("--since", pick.since, "Started since: a span (1h) or a time (RFC 3339)")
      ->group(group);
  command.add_flag("--stuck", pick.stuck, "Those that need an operator")->group(group);
}

Result<std::string> query_of(const Pick& pick, Timestamp now) {
  std::string query;
  const auto add = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    query.append(query.empty() ? "?" : "&").append(name).append("=");
    query += http::percent_encode(value);
  };
  std::string statuses;
  for (const auto& status : pick.statuses) statuses += (statuses.empty() ? "" : ",") + status;
  add("status", statuses);
  add("stuck", pick.stuck ? "true" : "");
  add("definition", pick.definition);
  add("businessKey", pick.key);
  if (pick.since.empty()) return query;
  const auto span = parse_duration(pick.since);
  const auto time = span ? now - *span : parse_rfc3339(pick.since);
  if (!time)
    return Error{ErrorCode::invalid_argument,
                 "'" + pick.since + "' is neither a span nor a time.",
                 "Write 30m, 1h30m or 2d; or 2026-11-21T03:00:00Z.",
                 {}};
  add("createdFrom", to_rfc3339(*time));
  return query;
}

Exit for_each_saga(Session& session, const Pick& pick, std::size_t limit,
                   const std::function<void(const nlohmann::ordered_json&)>& visit) {
  const auto query = query_of(pick, session.options().now());
  if (!query) return refuse(session, query.error());
  const std::string list = "/v1/sagas" + *query + (query->empty() ? "?" : "&");
  std::string token;
  while (limit > 0) {
    const auto size = std::min(limit, page_max);
    const auto page = session.get(list + "pageSize=" + std::to_string(size) +
                                  (token.empty() ? "" : "&pageToken=" + token));
    if (!page) return session.exit();
    for (const auto& saga : page->value("sagas", nlohmann::ordered_json::array())) visit(saga);
    limit -= size;
    token = text_of(*page, "nextPageToken");
    if (token.empty()) break;
  }
  return Exit::ok;
}

}  // namespace skald::client
