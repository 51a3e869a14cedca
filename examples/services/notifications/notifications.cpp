#include <nlohmann/json.hpp>

#include "examples/services/service/form.hpp"
#include "examples/services/services.hpp"

/// Messages to people. What is sent is sent: there is no undo.
namespace skald::services {

namespace {

/// Messages to this recipient get 409 recipient_unreachable.
constexpr std::string_view nobody = "unreachable";

Answer send(Database& db, const Call& call) {
  Form form(call.body);
  const auto to = form.text("to");
  const auto text = form.text("text");
  if (!form.ok()) return form.problems();
  if (to == nobody) return refused("recipient_unreachable", "Nobody is reached under this name.");
  db.run("INSERT INTO messages (recipient, text, body, at) VALUES (?, ?, ?, ?)",
         {to, text, call.body.text(), call.now_us});
  return ok({{"messageId", "message-" + std::to_string(db.last_id())}});
}

Answer totals(Database& db, const Call&) {
  return ok({{"messages", db.number("SELECT count(*) FROM messages")},
             {"recipients", db.number("SELECT count(DISTINCT recipient) FROM messages")}});
}

}  // namespace

void define_notifications(Service& service) {
  service.database().script(
      "CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY AUTOINCREMENT,"
      " recipient TEXT NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL);");
  service.guarded("/messages", "recipient_unreachable", send);
  service.plain("GET", "/totals", totals);
}

}  // namespace skald::services
