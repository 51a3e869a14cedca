#include <nlohmann/json.hpp>

#include "dsl/json/show.hpp"
#include "dsl/json/writer.hpp"

namespace skald::document {

namespace {

/// Goes the way of Writer, and keeps what is a C++ function under the name it is printed with.
class Collector {
 public:
  explicit Collector(const Definition& definition) : d_(definition) {}

  Natives run() {
    value(d_.output, "output");
    value(d_.business_key, "businessKey");
    for (const auto& [name, tag] : d_.tags) value(tag, "tag." + name);
    for (std::size_t i = 0; i < d_.locks.size(); ++i)
      value(d_.locks[i], "lock." + std::to_string(i));
    for (const auto& signal : d_.signals) value(signal.correlation, "signal." + signal.name);
    for (const auto& migration : d_.migrations)
      value(migration.data, "migration." + std::to_string(migration.from));
    for (const auto& state : d_.states) {
      actions(state.on_entry, state.name + ".entry");
      actions(state.on_exit, state.name + ".exit");
    }
    for (std::size_t i = 0; i < d_.transitions.size(); ++i)
      transition(d_.transitions[i], "transition." + std::to_string(i));
    for (const auto& step : d_.steps) this->step(step);
    return std::move(natives_);
  }

 private:
  void value(const Value& value, const std::string& place) {
    if (value && value.source.is_null()) natives_.values.emplace(place, value.make);
    if (const auto& source = value.source.value(); source.is_object() && source.size() == 1)
      if (const auto name = source.find("$native"); name != source.end() && name->is_string())
        natives_.values.emplace(name->get<std::string>(), value.make);
  }
  void guard(const std::optional<Guard>& guard) {
    if (guard && !guard->expression) natives_.guards.emplace(guard->name, guard->holds);
  }
  void actions(const std::vector<Action>& actions, const std::string& place) {
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const auto* native = std::get_if<NativeAction>(&actions[i]);
      if (native != nullptr && native->source.is_null())
        natives_.actions.emplace(native->name, native->run);
      if (const auto* raise = std::get_if<RaiseEvent>(&actions[i]))
        value(raise->payload, place + "." + std::to_string(i) + ".payload");
    }
  }
  void transition(const Transition& transition, const std::string& place) {
    guard(transition.guard);
    actions(transition.actions, place);
    if (transition.timer) value(transition.timer->at, place + ".at");
  }
  void operation(const Operation& operation, const std::string& place) {
    value(operation.body, place + ".body");
    value(operation.address, place + ".address");
    for (const auto& rule : operation.outcomes) guard(rule.when);
    if (const auto* function = std::get_if<FunctionTarget>(&operation.target))
      natives_.functions.emplace(function_name(*function, place), function->function);
  }
  void step(const Step& step) {
    operation(step.call, step.id + ".call");
    if (step.undo) operation(*step.undo, step.id + ".undo");
    if (step.probe) operation(*step.probe, step.id + ".probe");
    if (step.for_each) value(step.for_each->items, step.id + ".forEach");
  }

  const Definition& d_;
  Natives natives_;
};

}  // namespace

Natives natives_of(const Definition& definition) { return Collector(definition).run(); }

}  // namespace skald::document
