#include "http/client/bulk.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/command.hpp"
#include "http/client/table.hpp"
#include "http/client/waiting.hpp"

namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

constexpr std::size_t sample_max = 5;

void print_sample(Session& session, const std::vector<json>& sagas, std::size_t limit) {
  session.err() << sagas.size() << (sagas.size() == 1 ? " saga matches" : " sagas match")
                << (sagas.size() == limit ? " (there may be more: --limit)" : "") << ":\n";
  for (std::size_t i = 0; i < std::min(sagas.size(), sample_max); ++i)
    session.err() << "  " << shown(text_of(sagas[i], "id"), 200) << "  "
                  << shown(text_of(sagas[i], "definition"), 80) << "  "
                  << text_of(sagas[i], "status") << "  "
                  << shown(text_of(sagas[i], "stuckReason"), 80) << '\n';
  if (sagas.size() > sample_max)
    session.err() << "  and " << sagas.size() - sample_max << " more\n";
}

/// Whether the person at the terminal agrees. Without one nobody is there to ask.
bool agrees(Session& session) {
  if (isatty(STDIN_FILENO) == 0) {
    session.err() << "skald: nothing is done without --yes, because there is nobody to ask.\n";
    return false;
  }
  session.err() << "Do it? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

class Progress {
 public:
  Progress(Session& session, std::size_t count)
      : session_(session), count_(count), visible_(count > 1 && isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (visible_) session_.err() << '\n';
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::size_t done, std::size_t refused) {
    if (visible_)
      session_.err() << '\r' << done << '/' << count_ << ", refused: " << refused << std::flush;
  }

 private:
  Session& session_;
  std::size_t count_;
  bool visible_;
};

Exit act_on_each(Session& session, const std::vector<std::string>& ids, const Action& action) {
  Progress progress(session, ids.size());
  std::size_t done = 0;
  std::size_t refused = 0;
  Exit worst = Exit::ok;
  for (const auto& id : ids) {
    const auto saga = session.post(saga_path(id, action.path), action.body);
    if (saga) show_saga(session, *saga);
    if (session.exit() != Exit::ok) {
      worst = session.exit();
      ++refused;
      if (ids.size() > 1) session.err() << "  (saga " << shown(id, 200) << ")\n";
    }
    progress.show(++done, refused);
    if (worst == Exit::unreachable) break;
  }
  if (ids.size() > 1 && !session.options().dry_run)
    session.err() << done - refused << " done, " << refused << " refused, " << ids.size() - done
                  << " not tried\n";
  return worst;
}

}  // namespace

void add_targets(CLI::App& command, Targets& targets) {
  command.add_option("id", targets.ids, "The sagas");
  add_pick(command, targets.pick);
  command.add_option("--limit", targets.limit, "Of those that match, at most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_flag("-y,--yes", targets.yes, "Do it to those that match, without asking");
}

Exit act_on(Session& session, const Targets& targets, const Action& action) {
  if (targets.ids.empty() != targets.pick.is_given())
    return refuse(session, {ErrorCode::invalid_argument,
                            "Name either sagas, or what those have in common.",
                            "E.g. an id; or --stuck --def money-transfer.",
                            {}});
  if (!targets.ids.empty()) return act_on_each(session, targets.ids, action);
  std::vector<json> sagas;
  const auto found = for_each_saga(session, targets.pick, targets.limit,
                                   [&](const json& saga) { sagas.push_back(saga); });
  if (found != Exit::ok) return found;
  print_sample(session, sagas, targets.limit);
  if (sagas.empty()) return Exit::ok;
  if (!session.options().dry_run && !targets.yes && !agrees(session)) return Exit::usage;
  std::vector<std::string> ids;
  ids.reserve(sagas.size());
  for (const auto& saga : sagas) ids.push_back(text_of(saga, "id"));
  return act_on_each(session, ids, action);
}

}  // namespace skald::client
