#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/bulk.hpp"
#include "http/client/command.hpp"
#include "http/server/uri.hpp"

/// What clients and operators do to sagas.
namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

/// What the actions can be told; each uses its part.
struct ActionOptions {
  Targets targets;
  std::string step;
  std::string as = "skipped";
  std::string output;
  std::string reason;
  std::string actor;
  std::string signal;
  std::string payload = "{}";
  std::string input;
  unsigned version = 0;
};

/// A body with the members that were given.
json body_of(std::initializer_list<std::pair<const char*, std::string>> members) {
  json body = json::object();
  for (const auto& [name, value] : members)
    if (!value.empty()) body[name] = value;
  return body;
}

Exit retry(Session& session, const ActionOptions& given) {
  const auto body =
      body_of({{"step", given.step}, {"reason", given.reason}, {"actor", given.actor}});
  return act_on(session, given.targets, {"/retry", body.dump()});
}

Exit skip(Session& session, const ActionOptions& given) {
  auto body = body_of(
      {{"step", given.step}, {"as", given.as}, {"reason", given.reason}, {"actor", given.actor}});
  if (!given.output.empty()) {
    const auto output = read_json(given.output);
    if (!output) return refuse(session, output.error());
    body["output"] = *output;
  }
  return act_on(session, given.targets, {"/skip", body.dump()});
}

/// An action that is told why and by whom, and nothing else.
template <const char* path>
Exit simply(Session& session, const ActionOptions& given) {
  const auto body = body_of({{"reason", given.reason}, {"actor", given.actor}});
  return act_on(session, given.targets, {path, body.dump()});
}

constexpr char compensate_path[] = "/compensate";
constexpr char cancel_path[] = "/cancel";
constexpr char pause_path[] = "/pause";
constexpr char resume_path[] = "/resume";
constexpr char terminate_path[] = "/terminate";

Exit note(Session& session, const ActionOptions& given) {
  const auto body = body_of({{"text", given.reason}, {"actor", given.actor}});
  return act_on(session, given.targets, {"/notes", body.dump()});
}

Exit rerun(Session& session, const ActionOptions& given) {
  auto body = body_of({{"reason", given.reason}, {"actor", given.actor}});
  if (given.version > 0) body["version"] = given.version;
  if (!given.input.empty()) {
    const auto input = read_json(given.input);
    if (!input) return refuse(session, input.error());
    body["input"] = *input;
  }
  return act_on(session, given.targets, {"/rerun", body.dump()});
}

Exit migrate(Session& session, const ActionOptions& given) {
  return act_on(session, given.targets, {"/migrate", json{{"toVersion", given.version}}.dump()});
}

Exit send_signal(Session& session, const ActionOptions& given) {
  const auto payload = read_json(given.payload);
  if (!payload) return refuse(session, payload.error());
  return act_on(session, given.targets,
                {"/signals/" + http::percent_encode(given.signal), payload->dump()});
}

enum class Why { unsaid, may_be_said, must_be_said };

/// Adds one action; whoever calls this adds what only it is told.
std::pair<CLI::App*, std::shared_ptr<ActionOptions>> add(
    CLI::App& app, Commands& commands, const char* name, const char* help, Why why,
    Exit (*run)(Session&, const ActionOptions&)) {
  const auto options = std::make_shared<ActionOptions>();
  CLI::App* const command = add_command(app, commands, name, help);
  command->callback(choose(commands, options, run));
  add_targets(*command, options->targets);
  if (why == Why::unsaid) return {command, options};
  CLI::Option* const reason =
      command->add_option("--reason", options->reason, "Why; it stands in the saga's history");
  if (why == Why::must_be_said) reason->required();
  command->add_option("--actor", options->actor, "Who asks for it; it stands there, too")
      ->envname("SKALD_ACTOR");
  return {command, options};
}

void add_steering(CLI::App& app, Commands& commands) {
  const auto [retrying, retried] =
      add(app, commands, "retry", "Try what waits again, now", Why::may_be_said, retry);
  retrying->add_option("--step", retried->step, "Only this step; default: all that wait");

  const auto [skipping, skipped] =
      add(app, commands, "skip", "Say of a step or undo that it is settled, as you know",
          Why::must_be_said, skip);
  skipping->add_option("--step", skipped->step, "The step")->required();
  skipping
      ->add_option("--as", skipped->as,
                   "done: it took effect, or was undone, by hand. failed: it had no effect. "
                   "skipped: leave it as it is")
      ->check(CLI::IsMember({"done", "failed", "skipped"}))
      ->capture_default_str();
  skipping->add_option("--output", skipped->output, "With --as done: its output, JSON or @file");

  add(app, commands, "compensate", "Undo what has run, now", Why::must_be_said,
      simply<compensate_path>);
  add(app, commands, "cancel", "Ask for an end: what has run is undone", Why::may_be_said,
      simply<cancel_path>);
  add(app, commands, "pause", "Send nothing more, and stop the clocks", Why::may_be_said,
      simply<pause_path>);
  add(app, commands, "resume", "Let what is paused go on", Why::may_be_said, simply<resume_path>);
  add(app, commands, "terminate", "End it as it stands: nothing is undone", Why::must_be_said,
      simply<terminate_path>);
}

}  // namespace

void add_actions(CLI::App& app, Commands& commands) {
  add_steering(app, commands);

  const auto [noting, noted] =
      add(app, commands, "note", "Write something into the history", Why::unsaid, note);
  noting->add_option("--text", noted->reason, "What")->required();
  noting->add_option("--actor", noted->actor, "Who writes it")->envname("SKALD_ACTOR");

  const auto [rerunning, rerun_as] = add(
      app, commands, "rerun", "Start an ended saga anew, with its input", Why::may_be_said, rerun);
  rerunning->add_option("--input", rerun_as->input, "What differs in the input: JSON or @file");
  rerunning->add_option("--version", rerun_as->version, "Of the definition; default: the newest");

  const auto [migrating, migrated] = add(
      app, commands, "migrate", "Move to another version of the definition", Why::unsaid, migrate);
  migrating->add_option("--to", migrated->version, "The version")->required();

  const auto [signalling, signalled] =
      add(app, commands, "signal", "Send a signal", Why::unsaid, send_signal);
  signalling->add_option("--name", signalled->signal, "Its name")->required();
  signalling->add_option("--data", signalled->payload, "Its payload: JSON, @file or @-")
      ->capture_default_str();
}

}  // namespace skald::client
