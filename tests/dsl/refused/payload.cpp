// error: event_payload_needs_from_json<paid>
#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {
  int amount;
};
struct saga {
  static constexpr std::string_view name = "saga";
  auto operator()() const {
    return make_transition_table(*"A"_s + event<paid> / [](const paid&) {} = X);
  }
};

const auto made = define<saga>();
