#pragma once

#include <string>
#include <vector>

#include "http/client/pick.hpp"

namespace skald::client {

/// The sagas an action is for: these, or all that match.
struct Targets {
  std::vector<std::string> ids;
  Pick pick;
  std::size_t limit = 1000;
  bool yes = false;  ///< do not ask
};

void add_targets(CLI::App& command, Targets& targets);

/// One request to each saga: a POST to its path and `path`.
struct Action {
  std::string path;
  std::string body;  ///< JSON
};

/// Does it to every target, goes on after refusals, and says what came of it. Before it does
/// anything to those that match, it shows how many they are, and asks.
[[nodiscard]] Exit act_on(Session& session, const Targets& targets, const Action& action);

}  // namespace skald::client
