#include "engine/core/input.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

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

}  // namespace

std::vector<Finding> check_input(const Definition& definition, const Json& input,
                                 const std::string& base) {
  std::vector<Finding> findings;
  if (!input.value().is_object()) {
    findings.push_back({base, "must be an object", "INPUT_TYPE"});
    return findings;
  }
  Check{findings, definition.closed_input}.object(definition.input, input.value(), base);
  return findings;
}

std::string business_key_of(const Definition& definition, const Json& input) {
  if (definition.business_key_field.empty()) return {};
  const json& value = input.value();
  const auto member = value.find(definition.business_key_field);
  return member != value.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

}  // namespace skald
