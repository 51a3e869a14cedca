#include "sagas/delivery_analytics.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "dsl/sml/sml.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct delivery_event {};

/// Whole seconds since 1970.
std::int64_t seconds_of(const json& event) {
  const auto at = parse_rfc3339(event.at("at").get<std::string>());
  if (!at) throw std::invalid_argument("'at' is no instant");
  return std::chrono::floor<std::chrono::seconds>(*at).time_since_epoch().count();
}

const auto is_over = when("is over", [](const EventView& event) {
  const auto& state = event.payload.at("state");
  return state == "OrderDelivered" || state == "OrderCancelled";
});
const auto note = set("note the event", [](const EventView& event, json& data) {
  const auto& payload = event.payload;
  data["driver"] = payload.at("driver");
  if (!data.contains("events")) data["events"] = json::array();
  data["events"].push_back({{"state", payload.at("state")}, {"at", payload.at("at")}});
});

struct delivery_analytics_table {
  static constexpr std::string_view name = "delivery-analytics";
  static constexpr std::string_view description = "Measures a delivery.";
  static constexpr std::string_view business_key = "order";
  static constexpr auto deadline = 24h;
  static auto input() { return fields(text("order").at_least(1)); }
  static auto signals() {
    return accepts(signal<delivery_event>.key("order").payload(text("order"), text("state"),
                                                               text("driver"), text("at")));
  }
  static json output(const SagaView& saga) {
    const auto& events = saga.data().at("events");
    return {{"order", saga.input().at("order")},
            {"driver", saga.data().at("driver")},
            {"outcome", events.back().at("state")},
            {"seconds", seconds_of(events.back()) - seconds_of(events.front())},
            {"events", events}};
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Listening"_s + event<delivery_event> [is_over] / note = "Measured"_s,
        "Listening"_s + event<delivery_event>           / note,
        "Measured"_s                                           = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> delivery_analytics() { return define<delivery_analytics_table>(); }

}  // namespace skald::sagas
