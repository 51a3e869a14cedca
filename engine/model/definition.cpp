#include "engine/model/definition.hpp"

namespace skald {

std::optional<StateIndex> Definition::find_state(std::string_view name) const {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].name == name) return static_cast<StateIndex>(i);
  return std::nullopt;
}

std::optional<StepIndex> Definition::find_step(std::string_view id) const {
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].id == id) return static_cast<StepIndex>(i);
  return std::nullopt;
}

std::optional<EventIndex> Definition::find_event(std::string_view name) const {
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i] == name) return static_cast<EventIndex>(i);
  return std::nullopt;
}

const Signal* Definition::find_signal(std::string_view name) const {
  for (const auto& signal : signals)
    if (signal.name == name) return &signal;
  return nullptr;
}

std::string_view name_of(StepKind kind) {
  switch (kind) {
    case StepKind::compensatable:
      return "compensatable";
    case StepKind::pivot:
      return "pivot";
    case StepKind::retriable:
      return "retriable";
    case StepKind::readonly:
      return "readonly";
  }
  return "";
}

}  // namespace skald
