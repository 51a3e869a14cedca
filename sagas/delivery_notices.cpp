#include "sagas/delivery_notices.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct delivery_event {};
struct customer_told {};
struct customer_not_told {};

json message(const SagaView& saga) {
  return {{"to", saga.input().at("customer")},
          {"order", saga.input().at("order")},
          {"text", saga.data().at("text")}};
}

const auto tell_customer = operation("tell-customer")
                               .post("notifications", "/messages")
                               .body(message)
                               .raises<customer_told, customer_not_told>();

auto comes_to(const std::string& state) {
  return when("comes to " + state,
              [state](const EventView& event) { return event.payload.at("state") == state; });
}
auto say(const std::string& text) {
  return set("say: " + text, [text](const EventView& event, json& data) {
    data["state"] = event.payload.at("state");
    data["text"] = text;
  });
}
const auto note = set("note the state", [](const EventView& event, json& data) {
  data["state"] = event.payload.at("state");
});
const auto is_over = when("is over", [](const json& data) {
  return data.at("state") == "OrderDelivered" || data.at("state") == "OrderCancelled";
});

struct delivery_notices_table {
  static constexpr std::string_view name = "delivery-notices";
  static constexpr std::string_view description =
      "Tells the customer of a delivery what matters to them.";
  static constexpr std::string_view business_key = "order";
  static constexpr auto deadline = 24h;
  static auto input() { return fields(text("order").at_least(1), text("customer").at_least(1)); }
  static auto signals() {
    // What comes while a message is sent is kept, so that messages come in the order of the events.
    return accepts(signal<delivery_event>.key("order").payload(text("order"), text("state"),
                                                               text("driver"), text("at")));
  }
  static json output(const SagaView& saga) { return {{"state", saga.data().at("state")}}; }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Listening"_s + event<delivery_event> [comes_to("DriverAccepts")]
                      / say("A driver will bring your order.")             = "Telling"_s,
        "Listening"_s + event<delivery_event> [comes_to("EnRouteToCustomer")]
                      / say("Your order is on its way.")                   = "Telling"_s,
        "Listening"_s + event<delivery_event> [comes_to("ArrivedAtCustomer")]
                      / say("Your driver is at the door.")                 = "Telling"_s,
        "Listening"_s + event<delivery_event> [comes_to("OrderDelivered")]
                      / say("Enjoy your meal!")                            = "Telling"_s,
        "Listening"_s + event<delivery_event> [comes_to("OrderCancelled")]
                      / say("Your order is cancelled, and you pay nothing.") = "Telling"_s,
        "Listening"_s + event<delivery_event>       / note,
        "Telling"_s   + on_entry<_> / call(tell_customer).retriable(),
        "Telling"_s   + event<customer_told>     [is_over]                 = "Told"_s,
        "Telling"_s   + event<customer_told>                               = "Listening"_s,
        "Telling"_s   + event<customer_not_told> [is_over]                 = "Told"_s,
        "Telling"_s   + event<customer_not_told>                           = "Listening"_s,
        "Told"_s                                                           = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> delivery_notices() { return define<delivery_notices_table>(); }

}  // namespace skald::sagas
