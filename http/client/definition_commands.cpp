#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/command.hpp"
#include "http/client/table.hpp"

/// `skald def register`, `skald def list`, and `skald api`.
namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

struct RegisterOptions {
  std::vector<std::string> files;
};
struct ListOptions {};
struct ApiOptions {
  std::string method;
  std::string path;
  std::string body;
};

bool is_yaml(const std::string& file) { return file.ends_with(".yaml") || file.ends_with(".yml"); }

Exit register_files(Session& session, const RegisterOptions& options) {
  Exit worst = Exit::ok;
  for (const auto& file : options.files) {
    const auto text = read_text(file);
    if (!text) return refuse(session, text.error());
    const auto definition = session.ask(
        {.method = "POST",
         .target = "/v1/definitions",
         .body = *text,
         .headers = {{"Content-Type", is_yaml(file) ? "application/yaml" : "application/json"}}});
    if (session.exit() != Exit::ok) {
      worst = session.exit();
      session.err() << "  (" << shown(file, 500) << ")\n";
      continue;
    }
    if (!definition || session.options().quiet) continue;
    session.out() << text_of(*definition, "name") << '@' << text_of(*definition, "version") << '\n';
  }
  return worst;
}

Exit list_definitions(Session& session, const ListOptions&) {
  const auto all = session.get("/v1/definitions");
  if (!all) return session.exit();
  const Output output = session.output();
  if (output == Output::json) return session.out() << all->dump(2) << '\n', Exit::ok;
  Table table({"NAME", "VERSION", "", "FROM", "DESCRIPTION"});
  for (const auto& one : all->value("definitions", json::array())) {
    if (output == Output::name)
      session.out() << text_of(one, "name") << '@' << text_of(one, "version") << '\n';
    if (output == Output::jsonl) session.out() << one.dump() << '\n';
    table.add({text_of(one, "name"), text_of(one, "version"),
               one.value("newest", false) ? "newest" : "", text_of(one, "language"),
               text_of(one, "description")});
  }
  if (output == Output::table) table.print(session.out(), session.width());
  return Exit::ok;
}

Exit call_api(Session& session, const ApiOptions& options) {
  RestRequest request{.method = options.method, .target = options.path, .body = {}, .headers = {}};
  if (!options.body.empty()) {
    const auto body = read_json(options.body);
    if (!body) return refuse(session, body.error());
    request.body = body->dump();
  }
  if (options.method != "GET")
    request.headers.emplace_back("Idempotency-Key", '"' + new_key() + '"');
  const auto answer = session.ask(request);
  if (!answer) return session.exit();
  session.out() << (answer->is_string() ? answer->get<std::string>() : answer->dump(2) + "\n");
  return Exit::ok;
}

}  // namespace

void add_definitions(CLI::App& def, Commands& commands) {
  const auto registering = std::make_shared<RegisterOptions>();
  CLI::App* const add = add_command(def, commands, "register", "Register documents with a server");
  add->add_option("file", registering->files, "JSON or YAML; - is standard input")->required();
  add->callback(choose(commands, registering, register_files));
  CLI::App* const list = add_command(def, commands, "list", "List what a server can run");
  list->callback(choose(commands, std::make_shared<ListOptions>(), list_definitions));
}

void add_api(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<ApiOptions>();
  CLI::App* const command = add_command(app, commands, "api", "Send one request to the REST API");
  command->add_option("method", options->method, "GET, POST, …")
      ->required()
      ->check(CLI::IsMember({"GET", "POST", "PUT", "PATCH", "DELETE"}));
  command->add_option("path", options->path, "/v1/…")->required();
  command->add_option("--data", options->body, "JSON, @file, or @- for standard input");
  command->callback(choose(commands, options, call_api));
}

}  // namespace skald::client
