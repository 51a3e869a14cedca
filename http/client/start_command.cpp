#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "http/client/command.hpp"
#include "http/client/waiting.hpp"

/// `skald start`.
namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

struct StartOptions {
  std::string definition;
  std::string input = "{}";
  std::vector<std::string> set;
  std::string id;
  std::string key;
  std::vector<std::string> tags;
  std::string idempotency_key;
  int wait = -1;  ///< seconds; none: do not
};

/// Puts "a.b=value" into `input`; a value that is JSON is that, anything else is text.
Result<void> put(json& input, const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    return Error{ErrorCode::invalid_argument,
                 "'" + assignment + "' does not say what to set.",
                 "Write field=value, or outer.inner=value.",
                 {}};
  json* place = &input;
  std::string path = assignment.substr(0, equals);
  for (std::size_t dot = 0; dot != std::string::npos;) {
    dot = path.find('.');
    if (!place->is_object() && !place->is_null())
      return Error{ErrorCode::invalid_argument,
                   "'" + assignment + "' sets a field of something that is no object.",
                   {},
                   {}};
    place = &(*place)[path.substr(0, dot)];
    if (dot != std::string::npos) path.erase(0, dot + 1);
  }
  const std::string text = assignment.substr(equals + 1);
  const auto value = json::parse(text, nullptr, false);
  *place = value.is_discarded() ? json(text) : value;
  return {};
}

Result<json> body_of(const StartOptions& options) {
  auto input = read_json(options.input);
  if (!input) return input;
  for (const auto& assignment : options.set)
    if (auto done = put(*input, assignment); !done) return done.error();
  json body{{"definition", options.definition}, {"input", std::move(*input)}};
  if (const auto at = options.definition.rfind('@'); at != std::string::npos) {
    const auto version = json::parse(options.definition.substr(at + 1), nullptr, false);
    body["definition"] = options.definition.substr(0, at);
    if (!version.is_number_unsigned())
      return Error{ErrorCode::invalid_argument,
                   "'" + options.definition + "' names no version.",
                   "Write name@3, or the name alone for the newest.",
                   {}};
    body["version"] = version;
  }
  if (!options.id.empty()) body["id"] = options.id;
  if (!options.key.empty()) body["businessKey"] = options.key;
  for (const auto& tag : options.tags) {
    const auto equals = tag.find('=');
    if (equals == std::string::npos)
      return Error{
          ErrorCode::invalid_argument, "'" + tag + "' is no tag.", "Write name=value.", {}};
    body["tags"][tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  return body;
}

Exit start(Session& session, const StartOptions& options) {
  const auto body = body_of(options);
  if (!body) return refuse(session, body.error());
  const std::string key = options.idempotency_key.empty() ? new_key() : options.idempotency_key;
  const auto saga = session.ask({.method = "POST",
                                 .target = "/v1/sagas",
                                 .body = body->dump(),
                                 .headers = {{"Idempotency-Key", '"' + key + '"'}}});
  if (!saga) return session.exit();
  if (options.wait < 0) return show_saga(session, *saga), Exit::ok;
  return wait_for_end(session, *saga, std::chrono::seconds(options.wait));
}

}  // namespace

void add_start(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<StartOptions>();
  CLI::App* const command = add_command(app, commands, "start", "Start a saga");
  command->add_option("definition", options->definition, "Its name, or name@version")->required();
  command->add_option("--input", options->input, "JSON, @file, or @- for standard input")
      ->capture_default_str();
  command->add_option("--set", options->set, "A field of the input: a.b=value; several times")
      ->take_all();
  command->add_option("--id", options->id, "The saga's id; default: one is made");
  command->add_option("--key", options->key, "Its business key");
  command->add_option("--tag", options->tags, "name=value; several times")->take_all();
  command->add_option("--idempotency-key", options->idempotency_key,
                      "Starts once, however often it is repeated; default: a random one");
  command
      ->add_option(
          "--wait", options->wait,
          "Wait for its end, so many seconds (default 3600); 5: it did not complete, 6: it "
          "has not ended")
      ->expected(0, 1)
      ->default_str("3600")
      ->check(CLI::Range(0, 1'000'000));
  command->callback(choose(commands, options, start));
}

}  // namespace skald::client
