#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "http/client/session.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace skald::client {

/// Which sagas a command is about: every condition that is given must hold.
struct Pick {
  std::vector<std::string> statuses;
  std::string definition;
  std::string key;
  std::string since;  ///< a span ("1h") before now, or a time
  bool stuck = false;
  [[nodiscard]] bool is_given() const {
    return stuck || !statuses.empty() || !definition.empty() || !key.empty() || !since.empty();
  }
};

void add_pick(CLI::App& command, Pick& pick);

/// The query of GET /v1/sagas. Error: invalid_argument, when `since` is neither.
[[nodiscard]] Result<std::string> query_of(const Pick& pick, Timestamp now);

/// Visits the sagas that match, newest first, at most `limit`, reading page after page. How it
/// ended: ok, or what the session says.
[[nodiscard]] Exit for_each_saga(Session& session, const Pick& pick, std::size_t limit,
                                 const std::function<void(const nlohmann::ordered_json&)>& visit);

}  // namespace skald::client
