#include "sagas/vehicle_sale.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "sagas/bodies.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

// vehicle-sale.yaml says the same as a list of steps: states have the ids of the steps they call,
// and the named outcomes of a step are events "<step>.<outcome>".
struct declined {
  static constexpr std::string_view event_name = "check-credit.declined";
};
struct review {
  static constexpr std::string_view event_name = "check-credit.review";
};
struct credit_approved {};
struct credit_declined {};

json credit_body(const SagaView& saga) {
  const auto& input = saga.input();
  const auto amount =
      input.at("price").get<std::int64_t>() - input.at("deposit").get<std::int64_t>();
  return {{"buyer", input.at("buyer")}, {"amount", amount}};
}
json deposit_body(const SagaView& saga) {
  const auto& input = saga.input();
  return {{"order", input.at("sale")},
          {"customer", input.at("buyer")},
          {"amount", input.at("deposit")}};
}
json refund_body(const SagaView& saga) {
  return {{"order", saga.input().at("sale")}, {"amount", saga.input().at("deposit")}};
}
json document_body(const SagaView& saga) {
  return {{"vehicle", saga.input().at("vehicle")},
          {"buyer", saga.input().at("buyer")},
          {"kind", saga.item().at("kind")}};
}
json withdrawal_body(const SagaView& saga) {
  return {{"vehicle", saga.input().at("vehicle")}, {"kind", saga.item().at("kind")}};
}
json title_body(const SagaView& saga) {
  const auto& input = saga.input();
  return {
      {"vehicle", input.at("vehicle")}, {"from", input.at("dealer")}, {"to", input.at("buyer")}};
}
json sold_body(const SagaView& saga) {
  auto body = fields_of_input({"vehicle", "dealer", "buyer", "price"})(saga);
  body["soldAt"] = to_rfc3339(saga.now());
  return body;
}
auto message(std::string text) {
  return [text = std::move(text)](const SagaView& saga) {
    return json{{"to", saga.input().at("lead")}, {"text", text}};
  };
}

const auto needs_review = when("needs review", [](const EventView& answer) {
  return answer.payload.is_object() && answer.payload.value("decision", json()) == "review";
});

const auto reserve = operation("reserve-vehicle")
                         .post("vehicles", "/reservations")
                         .body(fields_of_input({"vehicle", "sale"}));
const auto release = operation("release-vehicle")
                         .post("vehicles", "/releases")
                         .body(fields_of_input({"vehicle", "sale"}));
const auto check_credit = operation("check-credit")
                              .post("credit", "/checks")
                              .body(credit_body)
                              .on_status("200", as::done, "review", needs_review)
                              .outcome<review>("review")
                              .outcome<declined>("declined");
const auto take_deposit =
    operation("take-deposit").post("payments", "/payments").body(deposit_body);
const auto refund_deposit =
    operation("refund-deposit").post("payments", "/refunds").body(refund_body);
const auto register_documents =
    operation("register-documents").post("registry", "/documents").body(document_body);
const auto withdraw_document =
    operation("withdraw-document").post("registry", "/withdrawals").body(withdrawal_body);
const auto transfer_title =
    operation("transfer-title").post("registry", "/titles").body(title_body);
const auto announce_sale = operation("announce-sale")
                               .publish("vehicle_sold")
                               .key(field_of_input("vehicle"))
                               .body(sold_body);
const auto tell_lead = operation("tell-lead")
                           .post("notifications", "/messages")
                           .body(message("The vehicle is yours."));
const auto tell_lost = operation("tell-lost")
                           .post("notifications", "/messages")
                           .body(message("The sale did not take place."));

json documents(const SagaView& saga) { return saga.input().at("documents"); }

/// A title that was asked for may have been transferred; nobody may take it back then.
const RetryPolicy until_known{
    .attempts = 30, .first = 100ms, .factor = 1.6, .max = 30s, .jitter = 0.2};

struct vehicle_sale_table {
  static constexpr std::string_view name = "vehicle-sale";
  static constexpr std::string_view description =
      "Sells a vehicle, from its reservation to the title in the buyer's name.";
  static constexpr std::string_view business_key = "sale";
  static constexpr auto deadline = 30 * 24h;
  // Documents may be withdrawn side by side, but all of them before the deposit is paid back.
  static constexpr auto unwind_order = UnwindOrder::dependency;
  static auto input() {
    return fields(text("sale").at_least(1), text("vehicle").at_least(1), text("dealer").at_least(1),
                  text("buyer").at_least(1), text("lead").at_least(1), integer("price").at_least(1),
                  integer("deposit").at_least(1), list_of("documents", text("kind").at_least(1)));
  }
  static auto tags() { return std::map<std::string, Value>{{"dealer", value("dealer")}}; }
  // A second sale of the vehicle waits until this one has ended: then it is gone, or free again.
  static auto locks() {
    return values([](const SagaView& saga) {
      return "vehicle:" + saga.input().at("vehicle").get<std::string>();
    });
  }
  static auto signals() {
    return accepts(signal<credit_approved>.key("sale"), signal<credit_declined>.key("sale"));
  }
  static json output(const SagaView& saga) {
    return {{"title", saga.output("transfer-title").at("title")},
            {"price", saga.input().at("price")}};
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"reserve-vehicle"_s    + on_entry<_> / call(reserve).undo(release),
        "reserve-vehicle"_s    + done(reserve)                       = "check-credit"_s,
        "check-credit"_s       + on_entry<_> / call(check_credit).readonly(),
        "check-credit"_s       + done(check_credit)                  = "take-deposit"_s,
        "check-credit"_s       + event<declined>
                               / unwind("the credit is declined")    = "tell-lost"_s,
        "check-credit"_s       + event<review>                       = "await-bank"_s,
        "await-bank"_s         + event<credit_approved>              = "take-deposit"_s,
        "await-bank"_s         + event<credit_declined>
                               / unwind("the bank has declined")     = "tell-lost"_s,
        "await-bank"_s         + after(7 * 24h)
                               / unwind("the bank does not answer")  = "tell-lost"_s,
        "take-deposit"_s       + on_entry<_>
                               / call(take_deposit).undo(refund_deposit).depends_on(reserve),
        "take-deposit"_s       + done(take_deposit)                  = "register-documents"_s,
        "take-deposit"_s       + failed(take_deposit)
                               / unwind("the deposit is refused")    = "tell-lost"_s,
        "register-documents"_s + on_entry<_>
                               / call(register_documents).for_each(documents).concurrency(3)
                                     .undo(withdraw_document).depends_on(take_deposit),
        "register-documents"_s + done(register_documents)            = "transfer-title"_s,
        "register-documents"_s + failed(register_documents)
                               / unwind("a document is refused")     = "tell-lost"_s,
        "transfer-title"_s     + on_entry<_> / call(transfer_title).pivot().retry(until_known),
        "transfer-title"_s     + done(transfer_title)                = "announce-sale"_s,
        "transfer-title"_s     + failed(transfer_title)
                               / unwind("the title is not transferred") = "tell-lost"_s,
        "tell-lost"_s          + on_entry<_> / call(tell_lost).retriable(),
        "tell-lost"_s          + done(tell_lost)                     = "failed"_s,
        "tell-lost"_s          + failed(tell_lost)                   = "failed"_s,
        "announce-sale"_s      + on_entry<_> / call(announce_sale).retriable(),
        "announce-sale"_s      + done(announce_sale)                 = "tell-lead"_s,
        "tell-lead"_s          + on_entry<_> / call(tell_lead).retriable(),
        "tell-lead"_s          + done(tell_lead)                     = "completed"_s,
        "tell-lead"_s          + failed(tell_lead)                   = "completed"_s,
        "completed"_s                                                = X,
        "failed"_s             / fail                                = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> vehicle_sale() { return define<vehicle_sale_table>(); }

}  // namespace skald::sagas
