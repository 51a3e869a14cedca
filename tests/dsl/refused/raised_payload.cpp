// error: event_payload_needs_to_json<paid>
#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct ordered {};
struct paid {
  int amount;
};
struct saga {
  static constexpr std::string_view name = "saga";
  auto operator()() const {
    return make_transition_table(*"A"_s + event<ordered> / process(paid{1}),
                                 "A"_s + event<paid> = X);
  }
};

const auto made = define<saga>();
