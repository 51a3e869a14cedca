// P10: a saga with very many steps: what step 10,000 costs against step 10. Once as a loop in its
// table, and once as a step for each item of a list.
#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "engine/participants/function_participant.hpp"
#include "tests/bench/documents.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/saga_load.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view loop = R"({
  "saga": "loop", "version": 1,
  "steps": { "turn": { "call": { "function": "turn" }, "undo": { "function": "turn" } } },
  "initial": "Turning",
  "states": { "Turning": { "onEntry": { "call": "turn" } }, "Over": { "final": "success" } },
  "transitions": [
    { "from": "Turning", "on": "turn.done", "when": "${event.more == true}", "to": "Turning" },
    { "from": "Turning", "on": "turn.done", "to": "Over" } ] })";

constexpr std::string_view each = R"({
  "saga": "each", "version": 1,
  "input": { "type": "object", "required": ["items"],
             "properties": { "items": { "type": "array", "items": { "type": "integer" } } } },
  "steps": [ { "id": "turn", "forEach": "${input.items}", "concurrency": 1,
               "call": { "function": "turn" }, "undo": { "function": "turn" } } ] })";

/// The longest that one such saga may take; it then ends with fewer steps.
constexpr auto longest = 60s;

/// What was used up to each call, from the first one on.
class Turns {
 public:
  explicit Turns(std::size_t most) : most_(most) {}

  Outcome turn(const Invocation&) {
    cpu_.push_back(cpu_used().count() * 1e6);
    const bool more = cpu_.size() < most_ && std::chrono::steady_clock::now() - begun_ < longest;
    static const Json again(nlohmann::json{{"more", true}}), over(nlohmann::json{{"more", false}});
    return Done{more ? again : over};
  }

  [[nodiscard]] std::size_t count() const { return cpu_.size(); }

  /// The CPU of one step in us, over the `width` steps that end with `last`.
  [[nodiscard]] double cost(std::size_t last, std::size_t width) const {
    return (cpu_[last - 1] - cpu_[last - 1 - width]) / static_cast<double>(width);
  }

 private:
  std::size_t most_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::vector<double> cpu_;
};

void measure(Context& context, const std::string& name, std::string_view document,
             std::size_t steps) {
  context.say(name + " with " + std::to_string(steps) + " steps");
  Turns turns(steps);
  document::Natives natives;
  natives.functions["turn"] = [&](const Invocation& call) { return turns.turn(call); };
  const auto data = context.fresh(name);
  FunctionParticipant functions(1);
  EngineHost host(data, {definition_in(document, std::move(natives))}, functions);
  host.start();
  auto items = nlohmann::json::array();
  for (std::size_t i = 0; i < steps; ++i) items.push_back(i);
  const auto input = nlohmann::json{{"items", items}}.dump();
  const auto result = start_sagas({.engine = host.engine(),
                                   .definition = host.definition(name),
                                   .sagas = 1,
                                   .at_once = 1,
                                   .input = [&](std::size_t) { return input; }});
  host.close();

  auto& measured = context.measured;
  const auto count = turns.count();
  const auto width = std::min<std::size_t>(count / 4, 200);
  const auto early = turns.cost(width + 10, width);
  measured.add(name + ": CPU of one of the last steps", turns.cost(count, width), "us",
               Better::lower);
  measured.refer_to(early, "one of the first");
  measured.add(name + ": CPU of one of the first steps", early, "us", Better::lower);
  measured.add(name + ": steps", static_cast<double>(count), "");
  measured.add(name + ": all of it", result.took.count(), "s", Better::lower);
  if (name == "each") measured.check_same("steps", count, steps);
  audit_store(data, {{{name, Status::completed}, 1}}, measured);
}

}  // namespace

void run_long(Context& context) {
  const auto steps = context.pick<std::size_t>(100, 1'000, 10'000);
  measure(context, "loop", loop, steps);
  measure(context, "each", each, steps);
}

}  // namespace skald::bench
