#include "tests/bench/orders.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

namespace {

using nlohmann::json;

json call_body(const SagaView& saga) {
  return {{"order", saga.input().at("order")}, {"at", saga.input().at("at")}};
}

sml::operation at_peer(const std::string& step, bool undo) {
  return sml::operation(undo ? "undo-" + step : step)
      .post("peer", "/" + step + (undo ? "/undo" : ""))
      .body(call_body);
}

struct order_table {
  static constexpr std::string_view name = "order";
  static auto input() {
    return sml::fields(sml::integer("order"), sml::integer("at"), sml::text("note"));
  }

  auto operator()() const {
    using namespace skald::sml;
    const auto a = at_peer("a", false), b = at_peer("b", false), c = at_peer("c", false);
    // clang-format off
    return make_transition_table(
       *"A"_s + on_entry<_> / call(a).undo(at_peer("a", true)),
        "A"_s + done(a)            = "B"_s,
        "B"_s + on_entry<_> / call(b).undo(at_peer("b", true)),
        "B"_s + done(b)            = "C"_s,
        "C"_s + on_entry<_> / call(c).pivot(),
        "C"_s + done(c)            = "End"_s,
        "A"_s + failed(a)          = "Refused"_s,
        "B"_s + failed(b) / unwind = "Refused"_s,
        "C"_s + failed(c) / unwind = "Refused"_s,
        "End"_s                    = X,
        "Refused"_s / fail         = X);
    // clang-format on
  }
};

}  // namespace

Definition order_over_http() { return *sml::define<order_table>(); }

Definition order_of_functions(const StepFunction& function) {
  auto definition = order_over_http();
  for (auto& step : definition.steps) {
    step.call.target = FunctionTarget{function, {}};
    if (step.undo) step.undo->target = FunctionTarget{function, {}};
  }
  return definition;
}

std::string order_input(std::uint64_t number, std::chrono::steady_clock::time_point at) {
  auto text = R"({"at":)" + std::to_string(at.time_since_epoch().count()) + R"(,"note":")";
  const auto end = R"(","order":)" + std::to_string(number) + "}";
  text.append(input_bytes - text.size() - end.size(), 'x');
  return text + end;
}

const std::string& step_output() {
  static const std::string text = [] {
    const std::string begin = R"({"note":")";
    return begin + std::string(answer_bytes - begin.size() - 2, 'y') + "\"}";
  }();
  return text;
}

std::size_t order_in(std::string_view body) {
  return static_cast<std::size_t>(number_after(body, "\"order\":").value_or(-1));
}

std::size_t slot_of(std::string_view step, bool undo) {
  return static_cast<std::size_t>(step[0] - 'a') + (undo ? order_steps : 0);
}

}  // namespace skald::bench
