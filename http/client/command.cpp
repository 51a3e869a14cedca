#include "http/client/command.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "http/server/uri.hpp"

namespace skald::client {

namespace {

const std::map<std::string, Output>& outputs() {
  static const std::map<std::string, Output> named{{"auto", Output::automatic},
                                                   {"table", Output::table},
                                                   {"json", Output::json},
                                                   {"jsonl", Output::jsonl},
                                                   {"name", Output::name}};
  return named;
}

}  // namespace

CLI::App* add_command(CLI::App& parent, Commands& commands, const std::string& name,
                      const std::string& help) {
  CLI::App* const command = parent.add_subcommand(name, help);
  ClientOptions& options = commands.options;
  const std::string group = "Every client command";
  command->add_option("--url", options.url, "The server")
      ->envname("SKALD_URL")
      ->capture_default_str()
      ->group(group);
  command->add_option("-o,--format", options.output, "table on a terminal, else json")
      ->transform(CLI::CheckedTransformer(outputs(), CLI::ignore_case).description(""))
      ->option_text("table|json|jsonl|name")
      ->group(group);
  command
      ->add_flag("--dry-run", options.dry_run,
                 "Change nothing: print the curl line that would do it")
      ->group(group);
  command->add_flag("-q,--quiet", options.quiet, "Say nothing but errors")->group(group);
  command->add_flag("--utc", options.utc, "Times as they are, instead of how long ago")
      ->group(group);
  return command;
}

void add_all(CLI::App& app, CLI::App& def, Commands& commands) {
  add_start(app, commands);
  add_lists(app, commands);
  add_looks(app, commands);
  add_actions(app, commands);
  add_definitions(def, commands);
  add_api(app, commands);
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || (path != "-" && !file.is_open()))
    return Error{ErrorCode::not_found, "The file '" + path + "' cannot be read.", {}, {}};
  return text.str();
}

Result<nlohmann::ordered_json> read_json(const std::string& given) {
  Result<std::string> text = given;
  if (given.starts_with("@")) text = read_text(given.substr(1));
  if (!text) return text.error();
  auto value = nlohmann::ordered_json::parse(*text, nullptr, false);
  if (!value.is_discarded()) return value;
  return Error{ErrorCode::invalid_argument,
               "'" + given + "' is no JSON.",
               "Text stands in quotes: '\"text\"'. @file reads a file, @- standard input.",
               {}};
}

std::string saga_path(const std::string& id, const std::string& rest) {
  return "/v1/sagas/" + http::percent_encode(id) + rest;
}

Exit refuse(Session& session, const Error& error) {
  session.err() << "skald: " << error.message << '\n';
  if (!error.hint.empty()) session.err() << "  " << error.hint << '\n';
  return Exit::usage;
}

std::string text_of(const nlohmann::ordered_json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

}  // namespace skald::client
