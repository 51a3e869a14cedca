#include <nlohmann/json.hpp>

#include "examples/services/service/form.hpp"
#include "examples/services/services.hpp"

/// Card payments in cents: captured once per order, refunded in one or more parts.
namespace skald::services {

namespace {

/// The most one payment may be, for customers without a limit of their own.
constexpr std::int64_t default_limit = 100'000;

struct Payment {
  std::int64_t id = 0;
  std::int64_t left = 0;  ///< captured and not refunded
};

std::optional<Payment> standing_payment(Database& db, const std::string& order) {
  const auto found =
      db.rows("SELECT id, amount - refunded FROM payments WHERE order_id = ? AND amount > refunded",
              {order});
  if (found.empty()) return std::nullopt;
  return Payment{found[0].number(0), found[0].number(1)};
}

std::int64_t limit_of(Database& db, const std::string& customer) {
  const auto own = db.rows("SELECT card_limit FROM customers WHERE id = ?", {customer});
  return own.empty() ? default_limit : own[0].number(0);
}

std::string payment_name(std::int64_t id) { return "payment-" + std::to_string(id); }

Answer capture(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  const auto customer = form.text("customer");
  const auto amount = form.number("amount", 1);
  if (!form.ok()) return form.problems();
  if (standing_payment(db, order))
    return refused("already_paid", "The order '" + order + "' has a payment.");
  if (const auto limit = limit_of(db, customer); amount > limit)
    return refused("card_declined",
                   "The limit of '" + customer + "' is " + std::to_string(limit) + ".");
  db.run("INSERT INTO payments (order_id, customer, amount, at) VALUES (?, ?, ?, ?)",
         {order, customer, amount, call.now_us});
  return ok({{"paymentId", payment_name(db.last_id())}, {"amount", amount}});
}

Answer refund(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  const auto wanted = form.number_if_any("amount", 1);
  if (!form.ok()) return form.problems();
  const auto payment = standing_payment(db, order);
  if (!payment) return refused("unknown_payment", "The order '" + order + "' has no payment.");
  const auto amount = wanted.value_or(payment->left);
  if (amount > payment->left)
    return refused("refund_exceeds_payment",
                   "Of the payment, " + std::to_string(payment->left) + " is left.");
  db.run("UPDATE payments SET refunded = refunded + ? WHERE id = ?", {amount, payment->id});
  db.run("INSERT INTO refunds (payment, amount, at) VALUES (?, ?, ?)",
         {payment->id, amount, call.now_us});
  return ok({{"refundId", "refund-" + std::to_string(db.last_id())},
             {"paymentId", payment_name(payment->id)},
             {"amount", amount}});
}

Answer set_customer(Database& db, const Call& call) {
  Form form(call.body);
  const auto id = form.text("id");
  const auto limit = form.number("limit", 0);
  if (!form.ok()) return form.problems();
  db.run(
      "INSERT INTO customers (id, card_limit) VALUES (?, ?)"
      " ON CONFLICT (id) DO UPDATE SET card_limit = excluded.card_limit",
      {id, limit});
  return ok({{"id", id}, {"limit", limit}});
}

Answer total(Database& db, const Call&) {
  const auto captured = db.number("SELECT sum(amount) FROM payments");
  const auto refunded = db.number("SELECT sum(amount) FROM refunds");
  return ok({{"captured", captured},
             {"refunded", refunded},
             {"net", captured - refunded},
             {"payments", db.number("SELECT count(*) FROM payments")},
             {"refunds", db.number("SELECT count(*) FROM refunds")},
             {"consistent", refunded == db.number("SELECT sum(refunded) FROM payments")}});
}

}  // namespace

void define_payments(Service& service) {
  service.database().script(
      "CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, card_limit INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS payments (id INTEGER PRIMARY KEY AUTOINCREMENT,"
      " order_id TEXT NOT NULL, customer TEXT NOT NULL, amount INTEGER NOT NULL,"
      " refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded <= amount), at INTEGER NOT NULL);"
      "CREATE INDEX IF NOT EXISTS payments_by_order ON payments (order_id);"
      "CREATE TABLE IF NOT EXISTS refunds (id INTEGER PRIMARY KEY AUTOINCREMENT,"
      " payment INTEGER NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL);");
  service.guarded("/payments", "card_declined", capture);
  service.guarded("/refunds", "refund_refused", refund);
  service.plain("POST", "/customers", set_customer);
  service.plain("GET", "/total", total);
}

}  // namespace skald::services
