#include "http/client/waiting.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "http/client/command.hpp"
#include "http/client/table.hpp"
#include "http/server/uri.hpp"

namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

/// As long as one long poll takes at most; less than proxies allow.
constexpr std::chrono::seconds one_poll{20};

}  // namespace

void show_saga(Session& session, const json& saga) {
  if (session.options().quiet) return;
  if (session.output() == Output::name) {
    session.out() << text_of(saga, "id") << '\n';
  } else if (session.output() == Output::table) {
    session.out() << shown(text_of(saga, "id"), 200) << "  "
                  << shown(text_of(saga, "definition"), 200) << '@' << text_of(saga, "version")
                  << "  " << text_of(saga, "status") << '\n';
    if (saga.contains("output") && !saga["output"].is_null())
      session.out() << saga["output"].dump(2) << '\n';
    if (saga.contains("error") && !saga["error"].is_null())
      session.out() << saga["error"].dump(2) << '\n';
  } else {
    session.out() << saga.dump(session.output() == Output::json ? 2 : -1) << '\n';
  }
}

Exit wait_for_end(Session& session, json saga, std::chrono::seconds patience) {
  const std::string id = text_of(saga, "id");
  const std::string changes = "/v1/changes?saga=" + http::percent_encode(id);
  const Timestamp until = session.options().now() + patience;
  // The cursor is from before the look at the saga, so nothing that comes after it is missed.
  auto seen = session.get(changes + "&wait=0");
  while (seen) {
    auto now = session.get(saga_path(id));
    if (!now) return session.exit();
    saga = std::move(*now);
    const auto left = std::chrono::ceil<std::chrono::seconds>(until - session.options().now());
    if (saga.contains("ended") || left <= std::chrono::seconds(0)) break;
    const auto wait = std::min(left, one_poll);
    seen = session.get(changes + "&wait=" + std::to_string(wait.count()) +
                       "&after=" + http::percent_encode(text_of(*seen, "cursor")));
  }
  if (!seen) return session.exit();
  show_saga(session, saga);
  if (!saga.contains("ended")) return Exit::timed_out;
  return text_of(saga, "status") == "completed" ? Exit::ok : Exit::ended_badly;
}

}  // namespace skald::client
