#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "sagas/subscription_billing.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct payment_taken {};
struct payment_declined {};
struct receipt_sent {};

/// Each period is an order of its own, so that the payments service takes none twice.
std::string order_of(const SagaView& saga) {
  return saga.input().at("subscription").get<std::string>() + "/" +
         std::to_string(saga.input().at("period").get<std::int64_t>());
}
json payment(const SagaView& saga) {
  return {{"order", order_of(saga)},
          {"customer", saga.input().at("customer")},
          {"amount", saga.input().at("amount")}};
}
json refund(const SagaView& saga) {
  return {{"order", order_of(saga)}, {"amount", saga.input().at("amount")}};
}
json receipt(const SagaView& saga) {
  return {{"to", saga.input().at("customer")}, {"order", order_of(saga)}, {"text", "Thank you!"}};
}

const auto take_payment = operation("take-payment")
                              .post("payments", "/payments")
                              .body(payment)
                              .raises<payment_taken, payment_declined>();
const auto refund_payment = operation("refund-payment").post("payments", "/refunds").body(refund);
const auto send_receipt = operation("send-receipt")
                              .post("notifications", "/messages")
                              .body(receipt)
                              .raises<receipt_sent, receipt_sent>();

/// Five retries, 1 s to 5 min apart with a step of 2 s; all of it again after 5, 15 and 30 minutes.
const RetryPolicy gateway{.attempts = 6,
                          .first = 1s,
                          .factor = 2.0,
                          .max = 5min,
                          .jitter = 0.2,
                          .step = 2s,
                          .redelivery = {5min, 15min, 30min}};

struct subscription_charge_table {
  static constexpr std::string_view name = "subscription-charge";
  static constexpr std::string_view description = "Charges one period of a subscription.";
  static constexpr std::string_view business_key = "subscription";
  static auto input() {
    return fields(text("subscription").at_least(1), text("customer").at_least(1),
                  integer("amount").at_least(1), integer("period").at_least(1));
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
        // The undo is for a payment whose outcome stays unknown; one that is done stays.
       *"TakingPayment"_s + on_entry<_>
                          / call(take_payment).undo(refund_payment).pivot().retry(gateway),
        "TakingPayment"_s + event<payment_declined> = "PeriodUnpaid"_s,
        "TakingPayment"_s + event<payment_taken>    = "SendingReceipt"_s,
        "SendingReceipt"_s + on_entry<_> / call(send_receipt).retriable(),
        "SendingReceipt"_s + event<receipt_sent>    = "PeriodPaid"_s,
        "PeriodPaid"_s                              = X,
        "PeriodUnpaid"_s  / fail                    = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> subscription_charge() { return define<subscription_charge_table>(); }

}  // namespace skald::sagas
