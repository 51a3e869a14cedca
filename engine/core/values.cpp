#include "engine/core/values.hpp"

#include <nlohmann/json.hpp>

namespace skald::core {

namespace {

Error cannot(std::string why) { return {ErrorCode::invalid_argument, std::move(why), {}, {}}; }

}  // namespace

Result<Json> evaluate(const Value& value, const SagaView& saga, const EventView& event) {
  try {
    return Json(value.make(saga, event));
  } catch (const std::exception& e) {
    return cannot(e.what());
  }
}

Result<Json> evaluate(const Value& value, const SagaView& saga) {
  static const nlohmann::json nothing;
  return evaluate(value, saga, {"", "", nothing});
}

Result<std::string> evaluate_text(const Value& value, const SagaView& saga) {
  const auto made = evaluate(value, saga);
  if (!made) return made.error();
  const nlohmann::json& json = made->value();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number() || json.is_boolean()) return json.dump();
  return cannot("it is " + std::string(json.type_name()) + " and must be text");
}

Result<Timestamp> instant_of(const nlohmann::json& value, Timestamp now) {
  if (value.is_number_integer() && value >= 0) return now + Duration{value.get<std::int64_t>()};
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    if (const auto instant = parse_rfc3339(text)) return *instant;
    if (const auto span = parse_duration(text)) return now + *span;
  }
  return cannot(value.dump() + " is neither an RFC 3339 instant nor a duration such as \"90s\"");
}

EventView view_of(const Turn& turn, const Raised& event) {
  const std::string_view name = event.event ? turn.definition.at(*event.event) : std::string_view{};
  return {name, event.code, event.payload.value()};
}

}  // namespace skald::core
