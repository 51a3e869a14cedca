#include "engine/core/input.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/model/saga.hpp"

namespace skald {

namespace {

using nlohmann::json;

std::string_view name_of(Field::Type type) {
  switch (type) {
    case Field::Type::text:
      return "a string";
    case Field::Type::integer:
      return "an integer";
    case Field::Type::number:
      return "a number";
    case Field::Type::boolean:
      return "true or false";
    case Field::Type::object:
      return "an object";
    case Field::Type::array:
      return "an array";
  }
  return "";
}

bool fits(Field::Type type, const json& value) {
  switch (type) {
    case Field::Type::text:
      return value.is_string();
    // Beyond 64 bits signed, arithmetic on the other side would no longer be exact.
    case Field::Type::integer:
      return value.is_number_integer() &&
             (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
    case Field::Type::number:
      return value.is_number();
    case Field::Type::boolean:
      return value.is_boolean();
    case Field::Type::object:
      return value.is_object();
    case Field::Type::array:
      return value.is_array();
  }
  return false;
}

bool too_small(const Field& field, const json& value) {
  if (!field.minimum) return false;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return false;
  if (value.is_number_integer()) return value.get<std::int64_t>() < *field.minimum;
  if (value.is_number()) return value.get<double>() < static_cast<double>(*field.minimum);
  const auto size = value.is_string() ? value.get_ref<const std::string&>().size() : value.size();
  return static_cast<std::int64_t>(size) < *field.minimum;
}

std::string minimum_text(const Field& field) {
  const std::string least = std::to_string(*field.minimum);
  if (field.type == Field::Type::text) return "must be at least " + least + " bytes long";
  if (field.type == Field::Type::array) return "must have at least " + least + " elements";
  return "must be at least " + least;
}

struct Check {
  std::vector<Finding>& findings;
  bool closed;

  void object(const std::vector<Field>& fields, const json& value, const std::string& where) const {
    for (const auto& field : fields) {
      const std::string at = where + "/" + escape_pointer(field.name);
      const auto member = value.find(field.name);
      if (member != value.end())
        one(field, *member, at);
      else if (field.required)
        findings.push_back(
            {at, "is missing; it must be " + std::string(name_of(field.type)), "INPUT_MISSING"});
    }
    if (closed) unknown_members(fields, value, where);
  }

  void unknown_members(const std::vector<Field>& fields, const json& value,
                       const std::string& where) const {
    for (const auto& [name, member] : value.items()) {
      const std::string& key = name;
      const bool known = std::any_of(fields.begin(), fields.end(),
                                     [&](const Field& field) { return field.name == key; });
      if (known) continue;
      std::string names;
      for (const auto& field : fields) names.append(names.empty() ? "" : ", ").append(field.name);
      findings.push_back({where + "/" + escape_pointer(key),
                          "is not a field of this input; it has: " + names, "INPUT_UNKNOWN"});
    }
  }

  void one(const Field& field, const json& value, const std::string& where) const {
    if (!fits(field.type, value)) {
      findings.push_back({where,
                          "must be " + std::string(name_of(field.type)) + ", not " +
                              std::string(value.type_name()),
                          "INPUT_TYPE"});
      return;
    }
    if (too_small(field, value))
      findings.push_back({where, minimum_text(field), "INPUT_TOO_SMALL"});
    if (field.fields.empty()) return;
    if (value.is_object()) return object(field.fields, value, where);
    for (std::size_t i = 0; i < value.size(); ++i)
      element(field, value[i], where + "/" + std::to_string(i));
  }

  void element(const Field& field, const json& value, const std::string& where) const {
    if (value.is_object()) return object(field.fields, value, where);
    findings.push_back({where, "must be an object", "INPUT_TYPE"});
  }
};

/// The JSON Schema type of a field.
std::string_view schema_type(Field::Type type) {
  switch (type) {
    case Field::Type::text:
      return "string";
    case Field::Type::integer:
      return "integer";
    case Field::Type::number:
      return "number";
    case Field::Type::boolean:
      return "boolean";
    case Field::Type::object:
      return "object";
    case Field::Type::array:
      return "array";
  }
  return "";
}

json object_schema(const std::vector<Field>& fields, bool closed);

json field_schema(const Field& field, bool closed) {
  json schema{{"type", schema_type(field.type)}};
  if (!field.fields.empty() && field.type == Field::Type::array)
    schema["items"] = object_schema(field.fields, closed);
  else if (!field.fields.empty())
    schema = object_schema(field.fields, closed);
  if (!field.minimum) return schema;
  const bool text = field.type == Field::Type::text;
  const char* const bound = text                               ? "minLength"
                            : field.type == Field::Type::array ? "minItems"
                                                               : "minimum";
  schema[bound] = *field.minimum;
  return schema;
}

json object_schema(const std::vector<Field>& fields, bool closed) {
  json schema{{"type", "object"}, {"properties", json::object()}};
  json required = json::array();
  for (const auto& field : fields) {
    schema["properties"][field.name] = field_schema(field, closed);
    if (field.required) required.push_back(field.name);
  }
  if (!required.empty()) schema["required"] = std::move(required);
  if (closed) schema["additionalProperties"] = false;
  return schema;
}

/// What `value` makes of a saga that has nothing but this input; empty when it is no text.
std::string text_from_input(const Definition& definition, const Value& value, const Json& input) {
  Instance unborn;
  unborn.definition = definition.ref;
  unborn.input = input;
  static const json nothing;
  try {
    const json made = value.make({definition, unborn, {}}, {"", "", nothing});
    if (made.is_string()) return made.get<std::string>();
    return made.is_number() || made.is_boolean() ? made.dump() : std::string{};
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

Schema schema_of(const std::vector<Field>& fields, bool closed) {
  return {Json(object_schema(fields, closed)),
          [fields, closed](const json& value, const std::string& base) {
            std::vector<Finding> findings;
            Check{findings, closed}.object(fields, value, base);
            return findings;
          }};
}

Value input_field(const std::string& name) {
  return {[name](const SagaView& saga, const EventView&) { return saga.input().at(name); },
          Json(json("${input." + name + "}"))};
}

std::vector<Finding> check_input(const Definition& definition, const Json& input,
                                 const std::string& base) {
  if (!input.value().is_object()) return {{base, "must be an object", "INPUT_TYPE"}};
  if (!definition.input.check) return {};
  return definition.input.check(input.value(), base);
}

std::string business_key_of(const Definition& definition, const Json& input) {
  if (!definition.business_key) return {};
  return text_from_input(definition, definition.business_key, input);
}

std::map<std::string, std::string> tags_of(const Definition& definition, const Json& input) {
  std::map<std::string, std::string> tags;
  for (const auto& [name, value] : definition.tags)
    tags[name] = text_from_input(definition, value, input);
  return tags;
}

}  // namespace skald
