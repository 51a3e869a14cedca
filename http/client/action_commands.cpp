#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/bulk.hpp"
#include "http/client/command.hpp"
#include "http/server/uri.hpp"

/// What clients and operators do to sagas.
namespace skald::client {

using json = nlohmann::ordered_json;

namespace {

/// What the actions can be told; each uses its part.
struct ActionOptions {
  Targets targets;
  std::string step;
  std::string as = "skipped";
  std::string output;
  std::string reason;
  std::string signal;
  std::string payload = "{}";
  unsigned to_version = 0;
};

void add_given(json& body, const char* name, const std::string& value) {
  if (!value.empty()) body[name] = value;
}

Exit retry(Session& session, const ActionOptions& options) {
  json body = json::object();
  add_given(body, "step", options.step);
  add_given(body, "reason", options.reason);
  return act_on(session, options.targets, {"/retry", body.dump()});
}

Exit skip(Session& session, const ActionOptions& options) {
  json body{{"step", options.step}, {"as", options.as}, {"reason", options.reason}};
  if (!options.output.empty()) {
    const auto output = read_json(options.output);
    if (!output) return refuse(session, output.error());
    body["output"] = *output;
  }
  return act_on(session, options.targets, {"/skip", body.dump()});
}

Exit compensate(Session& session, const ActionOptions& options) {
  return act_on(session, options.targets, {"/compensate", json{{"reason", options.reason}}.dump()});
}

Exit cancel(Session& session, const ActionOptions& options) {
  json body = json::object();
  add_given(body, "reason", options.reason);
  return act_on(session, options.targets, {"/cancel", body.dump()});
}

Exit migrate(Session& session, const ActionOptions& options) {
  return act_on(session, options.targets,
                {"/migrate", json{{"toVersion", options.to_version}}.dump()});
}

Exit send_signal(Session& session, const ActionOptions& options) {
  const auto payload = read_json(options.payload);
  if (!payload) return refuse(session, payload.error());
  return act_on(session, options.targets,
                {"/signals/" + http::percent_encode(options.signal), payload->dump()});
}

using Run = Exit (*)(Session&, const ActionOptions&);

std::pair<CLI::App*, std::shared_ptr<ActionOptions>> add(CLI::App& app, Commands& commands,
                                                         const char* name, const char* help,
                                                         Run run) {
  const auto options = std::make_shared<ActionOptions>();
  CLI::App* const command = add_command(app, commands, name, help);
  command->callback(choose(commands, options, run));
  return {command, options};
}

void add_reason(CLI::App& command, ActionOptions& options, bool required) {
  CLI::Option* const reason =
      command.add_option("--reason", options.reason, "Why; it stands in the saga's history");
  if (required) reason->required();
}

}  // namespace

void add_actions(CLI::App& app, Commands& commands) {
  {
    const auto [command, options] = add(app, commands, "retry", "Try what waits again, now", retry);
    add_targets(*command, options->targets);
    command->add_option("--step", options->step, "Only this step; default: all that wait");
    add_reason(*command, *options, false);
  }
  {
    const auto [command, options] =
        add(app, commands, "skip", "Say of a step or undo that it is settled, as you know", skip);
    command->add_option("--step", options->step, "The step")->required();
    add_targets(*command, options->targets);
    command
        ->add_option("--as", options->as,
                     "done: it took effect, or was undone, by hand. failed: it had no effect. "
                     "skipped: leave it as it is")
        ->check(CLI::IsMember({"done", "failed", "skipped"}))
        ->capture_default_str();
    command->add_option("--output", options->output, "With --as done: its output, JSON or @file");
    add_reason(*command, *options, true);
  }
  {
    const auto [command, options] =
        add(app, commands, "compensate", "Undo what has run, now", compensate);
    add_targets(*command, options->targets);
    add_reason(*command, *options, true);
  }
  {
    const auto [command, options] =
        add(app, commands, "cancel", "Ask for an end: what has run is undone", cancel);
    add_targets(*command, options->targets);
    add_reason(*command, *options, false);
  }
  {
    const auto [command, options] =
        add(app, commands, "migrate", "Move to another version of the definition", migrate);
    command->add_option("--to", options->to_version, "The version")->required();
    add_targets(*command, options->targets);
  }
  {
    const auto [command, options] = add(app, commands, "signal", "Send a signal", send_signal);
    command->add_option("--name", options->signal, "Its name")->required();
    command->add_option("--data", options->payload, "Its payload: JSON, @file or @-")
        ->capture_default_str();
    add_targets(*command, options->targets);
  }
}

}  // namespace skald::client
