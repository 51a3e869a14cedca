#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "http/cli/program.hpp"

using nlohmann::json;
using namespace skald;
using namespace skald::sml;

// What steps do: functions from an Invocation to an Outcome. They may run twice for one
// idempotency key (after a crash), so real ones make a repeated key harmless.
Outcome book_flight(const Invocation& call) {
  return Done{Json(json{{"ticket", "T-" + call.saga.value}})};
}
Outcome cancel_flight(const Invocation&) { return Done{}; }
Outcome book_hotel(const Invocation& call) {
  if (call.body.value().at("city") == "Atlantis")
    return Failed{.code = "no_hotel", .message = "There is no hotel in Atlantis."};
  return Done{Json(json{{"room", 7}})};
}

// The body a step is called with, made from the saga.
json trip(const SagaView& saga) {
  return {{"traveller", saga.input().at("traveller")}, {"city", saga.input().at("city")}};
}

struct trip_table {
  static constexpr std::string_view name = "trip";
  static auto input() { return fields(text("traveller"), text("city").at_least(1)); }

  auto operator()() const {
    const auto flight = operation("book-flight").run(book_flight).body(trip);
    const auto no_flight = operation("cancel-flight").run(cancel_flight).body(trip);
    const auto hotel = operation("book-hotel").run(book_hotel).body(trip);
    // clang-format off
    return make_transition_table(
       *"Planned"_s      + on_entry<_> / call(flight).undo(no_flight),
        "Planned"_s      + done(flight)            = "FlightBooked"_s,
        "Planned"_s      + failed(flight)          = "NotBooked"_s,
        "FlightBooked"_s + on_entry<_> / call(hotel).pivot(),
        "FlightBooked"_s + done(hotel)             = "Booked"_s,
        "FlightBooked"_s + failed(hotel) / unwind  = "NotBooked"_s,
        "Booked"_s                                 = X,
        "NotBooked"_s    / fail                    = X);
    // clang-format on
  }
};

int main(int argc, char** argv) { return cli::run(argc, argv, {define<trip_table>()}); }
