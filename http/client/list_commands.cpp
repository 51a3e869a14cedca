#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/command.hpp"
#include "http/client/pick.hpp"
#include "http/client/table.hpp"
#include "http/server/uri.hpp"

/// `skald list`, `skald count`.
namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

struct ListOptions {
  Pick pick;
  std::size_t limit = 50;
};

struct CountOptions {
  Pick pick;
  std::string by = "definition,status";
};

std::string joined(const json& array) {
  std::string all;
  for (const auto& one : array)
    all += (all.empty() ? "" : ", ") + (one.is_string() ? one.get<std::string>() : one.dump());
  return all;
}

std::vector<std::string> row_of(const Session& session, const json& saga) {
  return {text_of(saga, "id"),
          text_of(saga, "businessKey"),
          text_of(saga, "definition") + "@" + text_of(saga, "version"),
          text_of(saga, "status"),
          joined(saga.value("states", json::array())),
          session.when(text_of(saga, "created")),
          session.when(text_of(saga, "updated")),
          text_of(saga, "stuckReason")};
}

Exit list(Session& session, const ListOptions& options) {
  Table table({"ID", "KEY", "DEFINITION", "STATUS", "STATE", "STARTED", "MOVED", "REASON"});
  json all = json::array();
  const Output output = session.output();
  const auto done = for_each_saga(session, options.pick, options.limit, [&](const json& saga) {
    if (output == Output::name) session.out() << text_of(saga, "id") << '\n';
    if (output == Output::jsonl) session.out() << saga.dump() << '\n';
    if (output == Output::table) table.add(row_of(session, saga));
    if (output == Output::json) all.push_back(saga);
  });
  if (done != Exit::ok) return done;
  if (output == Output::json) session.out() << json{{"sagas", all}}.dump(2) << '\n';
  if (output == Output::table && table.is_empty())
    session.out() << "No saga matches.\n";
  else if (output == Output::table)
    table.print(session.out(), session.width());
  return Exit::ok;
}

Exit count(Session& session, const CountOptions& options) {
  const auto query = query_of(options.pick, session.options().now());
  if (!query) return refuse(session, query.error());
  const auto counted = session.get("/v1/sagas/count" + *query + (query->empty() ? "?" : "&") +
                                   "groupBy=" + http::percent_encode(options.by));
  if (!counted) return session.exit();
  if (session.output() == Output::json || session.output() == Output::jsonl) {
    session.out() << counted->dump(session.output() == Output::json ? 2 : -1) << '\n';
    return Exit::ok;
  }
  Table table({"COUNT", "STATUS", "DEFINITION"});
  for (const auto& group : counted->value("groups", json::array())) {
    const auto version = text_of(group, "version");
    table.add({text_of(group, "count"), text_of(group, "status"),
               text_of(group, "definition") + (version.empty() ? "" : "@" + version)});
  }
  table.add({text_of(*counted, "total"), "", "in all"});
  table.print(session.out(), session.width());
  return Exit::ok;
}

}  // namespace

void add_lists(CLI::App& app, Commands& commands) {
  const auto listing = std::make_shared<ListOptions>();
  CLI::App* const list_command = add_command(app, commands, "list", "List sagas, newest first");
  add_pick(*list_command, listing->pick);
  list_command->add_option("--limit", listing->limit, "At most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  list_command->callback(choose(commands, listing, list));

  const auto counting = std::make_shared<CountOptions>();
  CLI::App* const count_command = add_command(app, commands, "count", "Count sagas");
  count_command->add_option("--status", counting->pick.statuses, "Any of these: running,stuck,…")
      ->delimiter(',');
  count_command->add_option("--def", counting->pick.definition, "Of this definition");
  count_command->add_flag("--stuck", counting->pick.stuck, "Those that need an operator");
  count_command->add_option("--by", counting->by, "Group by definition, version, status")
      ->capture_default_str();
  count_command->callback(choose(commands, counting, count));
}

}  // namespace skald::client
