#include "tests/engine/core_tables.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"

namespace skald::test {

namespace {

using namespace skald::sml;
using namespace std::chrono_literals;

const auto book = operation("book").post("hotel", "/bookings");
const auto unbook = operation("unbook").post("hotel", "/cancellations");
const auto pay = operation("pay").post("bank", "/payments");
const auto mail = operation("mail").post("post", "/mails");
const auto bill = operation("bill").post("post", "/bills");
const auto apologise = operation("apologise").post("post", "/mails");

struct trip_table {
  static constexpr std::string_view name = "trip";
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Booking"_s   + on_entry<_> / call(book).undo(unbook),
        "Booking"_s   + done(book)            = "Paying"_s,
        "Booking"_s   + failed(book)          = "Refused"_s,
        "Paying"_s    + on_entry<_> / call(pay).pivot(),
        "Paying"_s    + done(pay)             = "Telling"_s,
        "Paying"_s    + failed(pay) / unwind  = "Cancelled"_s,
        "Telling"_s   + on_entry<_> / call(mail).retriable(),
        "Telling"_s   + done(mail)            = "Travelling"_s,
        "Cancelled"_s + on_entry<_> / call(apologise).retriable(),
        "Cancelled"_s + done(apologise)       = "Sorry"_s,
        "Travelling"_s                        = X,
        "Sorry"_s     / fail                  = X,
        "Refused"_s   / fail                  = X);
    // clang-format on
  }
};

struct Telling {
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Mailing"_s + on_entry<_> / call(mail).retriable(),
        "Mailing"_s + done(mail)  = "Mailed"_s,
        "Mailed"_s                = X,
       *"Billing"_s + on_entry<_> / call(bill).retriable(),
        "Billing"_s + done(bill)  = "Billed"_s,
        "Billed"_s                = X);
    // clang-format on
  }
};

struct journey_table {
  static constexpr std::string_view name = "journey";
  static constexpr auto deadline = 24h;
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Booking"_s     + on_entry<_> / call(book).undo(unbook),
        "Booking"_s     + done(book)            = "Paying"_s,
        "Booking"_s     + failed(book)          = "Refused"_s,
        "Paying"_s      + on_entry<_> / call(pay).pivot(),
        "Paying"_s      + done(pay)             = state<Telling>,
        "Paying"_s      + failed(pay) / unwind  = "Refused"_s,
        state<Telling>  + join<_>               = "Travelling"_s,
        "Travelling"_s                          = X,
        "Refused"_s     / fail                  = X);
    // clang-format on
  }
};

Definition without_jitter(Definition definition) {
  for (auto& each : definition.steps) each.retry.jitter = each.undo_retry.jitter = 0;
  return definition;
}

}  // namespace

Definition trip() { return without_jitter(*define<trip_table>()); }

Definition journey() { return without_jitter(*define<journey_table>()); }

Step& step(Definition& definition, std::string_view id) {
  return definition.steps[number(*definition.find_step(id))];
}

}  // namespace skald::test
