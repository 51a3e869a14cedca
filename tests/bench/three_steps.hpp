#pragma once

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "tests/bench/percentile.hpp"

namespace skald::bench {

using nlohmann::json;

inline json body(const SagaView& saga) { return {{"order", saga.input().at("order")}}; }

inline sml::operation step_named(const char* name, bool over_http) {
  const auto made = sml::operation(name).body(body);
  if (over_http) return made.post("peer", "/operations");
  return made.run([](const Invocation&) -> Outcome { return Done{Json(json{{"ok", true}})}; });
}

/// Three steps, two of them with an undo; over HTTP or in this process.
template <bool OverHttp>
struct three_steps {
  static constexpr std::string_view name = "three-steps";
  static auto input() { return sml::fields(sml::text("order"), sml::text("note")); }
  auto operator()() const {
    using namespace skald::sml;
    const auto a = step_named("a", OverHttp), b = step_named("b", OverHttp),
               c = step_named("c", OverHttp);
    // clang-format off
    return make_transition_table(
       *"A"_s + on_entry<_> / call(a).undo(a),
        "A"_s + done(a)     = "B"_s,
        "B"_s + on_entry<_> / call(b).undo(b),
        "B"_s + done(b)     = "C"_s,
        "C"_s + on_entry<_> / call(c).pivot(),
        "C"_s + done(c)     = "End"_s,
        "End"_s             = X);
    // clang-format on
  }
};

}  // namespace skald::bench
