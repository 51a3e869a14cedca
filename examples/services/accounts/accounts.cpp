#include <nlohmann/json.hpp>

#include "examples/services/service/form.hpp"
#include "examples/services/services.hpp"

/// Accounts with balances in cents. Every change is an entry; a balance is the sum of its entries.
namespace skald::services {

namespace {

bool exists(Database& db, const std::string& account) {
  return db.number("SELECT count(*) FROM accounts WHERE id = ?", {account}) == 1;
}

std::int64_t balance(Database& db, const std::string& account) {
  return db.number("SELECT balance FROM accounts WHERE id = ?", {account});
}

Answer book(Database& db, const Call& call, const std::string& account, std::int64_t amount,
            const Value& reversal_of = {}) {
  db.run("UPDATE accounts SET balance = balance + ? WHERE id = ?", {amount, account});
  db.run("INSERT INTO entries (account, amount, reversal_of, at) VALUES (?, ?, ?, ?)",
         {account, amount, reversal_of, call.now_us});
  return ok({{"id", "entry-" + std::to_string(db.last_id())},
             {"account", account},
             {"amount", amount},
             {"balance", balance(db, account)}});
}

Answer unknown_account(const std::string& account) {
  return refused("unknown_account", "There is no account '" + account + "'.");
}

Answer debit(Database& db, const Call& call) {
  Form form(call.body);
  const auto account = form.text("account");
  const auto amount = form.number("amount", 1);
  if (!form.ok()) return form.problems();
  if (!exists(db, account)) return unknown_account(account);
  if (balance(db, account) < amount)
    return refused("insufficient_funds", "The balance of '" + account + "' is " +
                                             std::to_string(balance(db, account)) + ".");
  return book(db, call, account, -amount);
}

/// Why `entry` cannot be reversed by a credit of `amount`; empty if it can.
std::string why_not_reversible(Database& db, const std::string& entry, const std::string& account,
                               std::int64_t amount) {
  const auto booked = db.number(
      "SELECT count(*) FROM entries WHERE id = CAST(substr(?1, 7) AS INTEGER)"
      " AND 'entry-' || id = ?1 AND account = ?2 AND amount = ?3",
      {entry, account, -amount});
  if (booked == 0) return "there is no debit '" + entry + "' of this amount on the account";
  const auto reversals = db.number("SELECT count(*) FROM entries WHERE reversal_of = ?", {entry});
  return reversals == 0 ? "" : "the debit '" + entry + "' has been reversed already";
}

Answer credit(Database& db, const Call& call) {
  Form form(call.body);
  const auto account = form.text("account");
  const auto amount = form.number("amount", 1);
  const auto reversal_of = form.text_if_any("reversalOf");
  if (!form.ok()) return form.problems();
  if (!exists(db, account)) return unknown_account(account);
  if (!reversal_of) return book(db, call, account, amount);
  const auto why_not = why_not_reversible(db, *reversal_of, account, amount);
  if (!why_not.empty()) return refused("not_reversible", "Not reversed: " + why_not + ".");
  return book(db, call, account, amount, *reversal_of);
}

Answer open_account(Database& db, const Call& call) {
  Form form(call.body);
  const auto id = form.text("id");
  const auto opening = form.number("balance", 0);
  if (!form.ok()) return form.problems();
  if (exists(db, id)) {
    if (db.number("SELECT opening FROM accounts WHERE id = ?", {id}) != opening)
      return refused("account_exists", "'" + id + "' was opened with another balance.");
    return ok({{"id", id}, {"balance", balance(db, id)}});
  }
  db.run("INSERT INTO accounts (id, opening, balance) VALUES (?, ?, ?)", {id, opening, opening});
  return ok({{"id", id}, {"balance", opening}});
}

Answer show_account(Database& db, const Call& call) {
  const auto& id = call.path.at("id");
  if (!exists(db, id)) return problem(404, "unknown_account", "There is no account '" + id + "'.");
  return ok({{"id", id}, {"balance", balance(db, id)}});
}

/// `consistent` says that each balance is its opening plus its entries.
Answer total(Database& db, const Call&) {
  const auto off = db.number(
      "SELECT count(*) FROM accounts AS a WHERE balance != opening +"
      " (SELECT coalesce(sum(amount), 0) FROM entries WHERE account = a.id)");
  return ok({{"total", db.number("SELECT sum(balance) FROM accounts")},
             {"opened", db.number("SELECT sum(opening) FROM accounts")},
             {"accounts", db.number("SELECT count(*) FROM accounts")},
             {"entries", db.number("SELECT count(*) FROM entries")},
             {"consistent", off == 0}});
}

}  // namespace

void define_accounts(Service& service) {
  service.database().script(
      "CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, opening INTEGER NOT NULL,"
      " balance INTEGER NOT NULL CHECK (balance >= 0));"
      "CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY AUTOINCREMENT,"
      " account TEXT NOT NULL, amount INTEGER NOT NULL, reversal_of TEXT, at INTEGER NOT NULL);"
      "CREATE INDEX IF NOT EXISTS entries_by_account ON entries (account);"
      "CREATE UNIQUE INDEX IF NOT EXISTS one_reversal ON entries (reversal_of)"
      " WHERE reversal_of IS NOT NULL;");
  service.guarded("/debits", "insufficient_funds", debit);
  service.guarded("/credits", "account_blocked", credit);
  service.plain("POST", "/accounts", open_account);
  service.plain("GET", "/accounts/{id}", show_account);
  service.plain("GET", "/total", total);
}

}  // namespace skald::services
