#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/command.hpp"
#include "http/client/table.hpp"
#include "http/client/waiting.hpp"
#include "http/server/uri.hpp"

/// `skald describe`, `history` and `result`.
namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

struct LookOptions {
  std::string id;
  bool follow = false;
  int wait = 0;  ///< seconds
};

bool is_machine(const Session& session) {
  return session.output() == Output::json || session.output() == Output::jsonl;
}

void print_field(Session& session, const std::string& name, const std::string& value) {
  constexpr std::size_t column = 14;
  if (value.empty()) return;
  session.out() << name << std::string(column - name.size(), ' ') << shown(value, 2000) << '\n';
}

void print_waiting(Session& session, const json& explanation) {
  for (const auto& one : explanation.value("waiting", json::array())) {
    std::string text = text_of(one, "for");
    for (const char* detail : {"step", "phase", "participant", "state"})
      if (const auto value = text_of(one, detail); !value.empty()) text += " " + value;
    if (one.contains("attempt")) text += ", attempt " + text_of(one, "attempt");
    if (one.contains("attemptsMax")) text += " of " + text_of(one, "attemptsMax");
    if (one.contains("until")) text += ", " + session.when(text_of(one, "until"));
    print_field(session, "waits for", text);
    print_field(session, "last error", text_of(one, "lastError"));
  }
}

void print_steps(Session& session, const json& saga) {
  Table table({"STEP", "KIND", "RAN", "ITS UNDO", "WHEN"});
  for (const auto& step : saga.value("steps", json::array()))
    table.add({text_of(step, "step"), text_of(step, "kind"),
               step.value("confirmed", false) ? "done" : "perhaps", text_of(step, "undo"),
               session.when(text_of(step, "at"))});
  if (table.is_empty()) return;
  session.out() << '\n';
  table.print(session.out(), session.width());
}

Exit describe(Session& session, const LookOptions& options) {
  auto saga = session.get(saga_path(options.id));
  if (!saga) return session.exit();
  const auto explanation = session.get(saga_path(options.id, "/explain"));
  if (!explanation) return session.exit();
  if (is_machine(session)) {
    (*saga)["explanation"] = *explanation;
    session.out() << saga->dump(session.output() == Output::json ? 2 : -1) << '\n';
    return Exit::ok;
  }
  session.out() << shown(text_of(*explanation, "summary"), 2000) << "\n\n";
  print_field(session, "id", text_of(*saga, "id"));
  print_field(session, "business key", text_of(*saga, "businessKey"));
  print_field(session, "definition",
              text_of(*saga, "definition") + "@" + text_of(*saga, "version"));
  print_field(session, "status", text_of(*saga, "status"));
  print_field(session, "started", session.when(text_of(*saga, "created")));
  print_field(session, "moved", session.when(text_of(*saga, "updated")));
  print_field(session, "ended", session.when(text_of(*saga, "ended")));
  print_waiting(session, *explanation);
  std::string actions;
  for (const auto& action : explanation->value("allowedActions", json::array()))
    actions += (actions.empty() ? "" : ", ") + action.get<std::string>();
  print_field(session, "you can", actions);
  print_steps(session, *saga);
  for (const char* part : {"input", "output", "error"})
    if (saga->contains(part) && !(*saga)[part].is_null())
      session.out() << '\n' << part << ' ' << (*saga)[part].dump(2) << '\n';
  return Exit::ok;
}

void print_event(Session& session, const json& event) {
  if (session.output() == Output::jsonl || session.output() == Output::json) {
    session.out() << event.dump() << '\n';
    return;
  }
  std::string line = text_of(event, "at") + "  " + text_of(event, "kind");
  for (const char* part : {"step", "phase", "state"})
    if (const auto value = text_of(event, part); !value.empty()) line += " " + value;
  if (event.contains("attempt")) line += " #" + text_of(event, "attempt");
  if (event.contains("until")) line += " until " + text_of(event, "until");
  if (const auto message = text_of(event, "message"); !message.empty()) line += ": " + message;
  session.out() << shown(line, session.width() > 0 ? session.width() : 2000) << '\n';
}

/// Prints what has happened since `after`, and moves `after` on.
bool print_events(Session& session, const std::string& id, std::int64_t& after) {
  for (;;) {
    const auto page =
        session.get(saga_path(id, "/events?pageSize=1000&after=" + std::to_string(after)));
    if (!page) return false;
    for (const auto& event : page->value("events", json::array())) {
      print_event(session, event);
      after = std::max(after, event.value("revision", std::int64_t{0}));
    }
    session.out().flush();
    if (!page->contains("nextAfter")) return true;
  }
}

Exit history(Session& session, const LookOptions& options) {
  const std::string changes = "/v1/changes?saga=" + http::percent_encode(options.id);
  auto seen = session.get(changes + "&wait=0");
  std::int64_t after = 0;
  while (seen) {
    if (!print_events(session, options.id, after)) return session.exit();
    if (!options.follow) return Exit::ok;
    const auto saga = session.get(saga_path(options.id));
    if (!saga) return session.exit();
    if (saga->contains("ended")) {
      // It may have ended after the events were read.
      return print_events(session, options.id, after) ? Exit::ok : session.exit();
    }
    seen =
        session.get(changes + "&wait=20&after=" + http::percent_encode(text_of(*seen, "cursor")));
  }
  return session.exit();
}

Exit result(Session& session, const LookOptions& options) {
  auto saga = session.get(saga_path(options.id));
  if (!saga) return session.exit();
  return wait_for_end(session, std::move(*saga), std::chrono::seconds(options.wait));
}

}  // namespace

void add_looks(CLI::App& app, Commands& commands) {
  const auto add = [&](const char* name, const char* help,
                       Exit (*run)(Session&, const LookOptions&)) {
    const auto options = std::make_shared<LookOptions>();
    CLI::App* const command = add_command(app, commands, name, help);
    command->add_option("id", options->id, "The saga")->required();
    command->callback(choose(commands, options, run));
    return std::pair(command, options);
  };
  add("describe", "Tell what a saga does, why it waits, and what can be done", describe);
  const auto [events, following] = add("history", "Print what has happened to a saga", history);
  events->add_flag("--follow", following->follow, "And what happens from now on, to its end");
  const auto [end, waiting] =
      add("result", "Print a saga; tell by the exit code how it ended", result);
  end->add_option("--wait", waiting->wait, "Wait for its end, so many seconds (default 3600)")
      ->expected(0, 1)
      ->default_str("3600")
      ->check(CLI::Range(0, 1'000'000));
}

}  // namespace skald::client
