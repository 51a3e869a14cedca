#include "sagas/subscription_billing.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "sagas/bodies.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct subscription_cancelled {};
struct payment_updated {};
struct access_opened {};
struct access_refused {};
struct access_closed {};
struct first_paid {};
struct first_unpaid {};
struct period_paid {};
struct period_unpaid {};
struct reminded {};
struct end_announced {};

constexpr int failures_max = 3;

json charge_input(const SagaView& saga) {
  auto body = fields_of_input({"subscription", "customer", "amount"})(saga);
  body["period"] = saga.data().at("period");
  return body;
}
json reminder(const SagaView& saga) {
  return {{"to", saga.input().at("customer")},
          {"subscription", saga.input().at("subscription")},
          {"text", "Your payment failed; please look at your card."}};
}
json end_of(const SagaView& saga) {
  return {{"subscription", saga.input().at("subscription")}, {"periods", saga.data().at("period")}};
}
json trial_time(const SagaView& saga) { return saga.input().value("trial", "14d"); }

const auto open_access = operation("open-access")
                             .post("access", "/grants")
                             .body(fields_of_input({"subscription", "customer", "plan"}))
                             .raises<access_opened, access_refused>();
const auto revoke_access = operation("revoke-access")
                               .post("access", "/revocations")
                               .body(fields_of_input({"subscription"}));
const auto close_access = operation("close-access")
                              .post("access", "/revocations")
                              .body(fields_of_input({"subscription"}))
                              .raises<access_closed, access_closed>();
const auto first_charge = operation("first-charge")
                              .child("subscription-charge")
                              .body(charge_input)
                              .raises<first_paid, first_unpaid>();
const auto charge = operation("charge")
                        .child("subscription-charge")
                        .body(charge_input)
                        .raises<period_paid, period_unpaid>();
const auto remind = operation("remind")
                        .post("notifications", "/messages")
                        .body(reminder)
                        .raises<reminded, reminded>();
const auto announce_end = operation("announce-end")
                              .publish("subscription_ended")
                              .key(field_of_input("subscription"))
                              .body(end_of)
                              .raises<end_announced, end_announced>();

const auto next_period = set("next period", [](json& data) {
  data["period"] = data.value("period", 0) + 1;
  data["failures"] = 0;
});
const auto count_failure =
    set("count the failure", [](json& data) { data["failures"] = data.value("failures", 0) + 1; });
const auto note_end = set("note the end", [](json& data) { data["cancelled"] = true; });
const auto is_last_period = when("is the last period", [](const SagaView& saga) {
  const auto& input = saga.input();
  return saga.data().value("cancelled", false) ||
         (input.contains("periods") && saga.data().at("period") >= input.at("periods"));
});
const auto may_fail_again = when("may fail again", [](const json& data) {
  return data.value("failures", 0) + 1 < failures_max;
});

struct subscription_billing_table {
  static constexpr std::string_view name = "subscription-billing";
  static constexpr std::string_view description =
      "Bills a subscription period by period, until it ends, is cancelled, or is not paid.";
  static constexpr std::string_view business_key = "subscription";
  static auto input() {
    return fields(text("subscription").at_least(1), text("customer").at_least(1),
                  text("plan").at_least(1), integer("amount").at_least(1),
                  text("period").at_least(2), integer("periods").at_least(1).optional(),
                  text("trial").optional());
  }
  static auto signals() {
    // A cancellation that comes while a period is charged is kept until that is settled.
    return accepts(signal<subscription_cancelled>.key("subscription"),
                   signal<payment_updated>.key("subscription").ignore());
  }
  static json output(const SagaView& saga) { return {{"periods", saga.data().at("period")}}; }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Opening"_s         + on_entry<_> / call(open_access).undo(revoke_access),
        "Opening"_s         + event<access_opened>                    = "Trial"_s,
        "Opening"_s         + event<access_refused>                   = "NotSubscribed"_s,
        "Trial"_s           + event<subscription_cancelled>
                            / unwind("cancelled during the trial")    = "NotSubscribed"_s,
        "Trial"_s           + at(trial_time) / next_period            = "FirstCharge"_s,
        "FirstCharge"_s     + on_entry<_> / call(first_charge).pivot(),
        "FirstCharge"_s     + event<first_paid>                       = "Active"_s,
        "FirstCharge"_s     + event<first_unpaid>
                            / unwind("the first period is not paid")  = "NotSubscribed"_s,
        // What is paid is not paid back: who cancels keeps the access to the end of the period.
        "Active"_s          + event<subscription_cancelled> / note_end,
        "Active"_s          + at(field_of_input("period")) [is_last_period] = "Closing"_s,
        "Active"_s          + at(field_of_input("period")) / next_period    = "Charging"_s,
        "Charging"_s        + on_entry<_> / call(charge).retriable(),
        "Charging"_s        + event<period_paid>                      = "Active"_s,
        "Charging"_s        + event<period_unpaid> [may_fail_again]
                            / count_failure                           = "PastDue"_s,
        "Charging"_s        + event<period_unpaid>                    = "Closing"_s,
        "PastDue"_s         + on_entry<_> / call(remind).retriable(),
        "PastDue"_s         + event<reminded>                         = "AwaitingPayment"_s,
        "AwaitingPayment"_s + event<payment_updated>                  = "Charging"_s,
        "AwaitingPayment"_s + event<subscription_cancelled>           = "Closing"_s,
        "AwaitingPayment"_s + after(3 * 24h)                          = "Charging"_s,
        "Closing"_s         + on_entry<_> / call(close_access).retriable(),
        "Closing"_s         + event<access_closed>                    = "Closed"_s,
        "Closed"_s          + on_entry<_> / call(announce_end).retriable(),
        "Closed"_s          + event<end_announced>                    = "SubscriptionEnded"_s,
        "SubscriptionEnded"_s                                         = X,
        "NotSubscribed"_s   / fail                                    = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> subscription_billing() { return define<subscription_billing_table>(); }

}  // namespace skald::sagas
