#include "dsl/expr/type.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace skald::expr {

namespace {

using nlohmann::json;

const json* member(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? &*found : nullptr;
}

/// What a local $ref in `schema` points to, through others; null when it leads nowhere.
const json* followed(const json* schema, const json* document) {
  static constexpr int hops_max = 16;
  for (int hop = 0; hop < hops_max && schema != nullptr; ++hop) {
    const auto* reference = member(*schema, "$ref");
    if (reference == nullptr) return schema;
    if (!reference->is_string() || document == nullptr) return nullptr;
    const auto& target = reference->get_ref<const std::string&>();
    if (target.empty() || target[0] != '#') return nullptr;
    // The pointer may be badly formed: it comes from a document, and nlohmann throws.
    try {
      const json::json_pointer pointer(target.substr(1));
      schema = document->contains(pointer) ? &document->at(pointer) : nullptr;
    } catch (const json::exception&) {
      return nullptr;
    }
  }
  return nullptr;
}

/// Whether more than the keywords read here decides what fits.
bool is_open(const json& schema) {
  static constexpr std::array<const char*, 6> keywords{"oneOf", "anyOf", "allOf",
                                                       "not",   "if",    "patternProperties"};
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](const char* keyword) { return member(schema, keyword) != nullptr; });
}

Kind kind_of_name(const std::string& name) {
  if (name == "null") return Kind::null;
  if (name == "boolean") return Kind::boolean;
  if (name == "integer") return Kind::integer;
  if (name == "number") return Kind::number;
  if (name == "string") return Kind::text;
  if (name == "array") return Kind::list;
  return name == "object" ? Kind::map : Kind::dyn;
}

Kind kind_of_value(const json& value) {
  if (value.is_number_integer()) return Kind::integer;
  return value.is_discarded() ? Kind::dyn : kind_of_name(value.type_name());
}

Kind kind_of_values(const json& values) {
  if (!values.is_array() || values.empty()) return Kind::dyn;
  const auto kind = kind_of_value(values.front());
  const auto same = [&](const json& value) { return kind_of_value(value) == kind; };
  return std::all_of(values.begin(), values.end(), same) ? kind : Kind::dyn;
}

Kind kind_of_schema(const json& schema) {
  if (const auto* type = member(schema, "type"))
    return type->is_string() ? kind_of_name(type->get_ref<const std::string&>()) : Kind::dyn;
  if (const auto* value = member(schema, "const")) return kind_of_value(*value);
  if (const auto* values = member(schema, "enum")) return kind_of_values(*values);
  return member(schema, "properties") != nullptr ? Kind::map : Kind::dyn;
}

bool is_required(const json& schema, std::string_view name) {
  const auto* required = member(schema, "required");
  return required != nullptr && required->is_array() &&
         std::find(required->begin(), required->end(), json(name)) != required->end();
}

}  // namespace

bool Type::may_be(Kind wanted) const {
  if (kind == Kind::dyn || wanted == Kind::dyn || kind == wanted) return true;
  const auto numeric = [](Kind k) { return k == Kind::integer || k == Kind::real; };
  return (kind == Kind::number && numeric(wanted)) || (wanted == Kind::number && numeric(kind));
}

bool Type::is_number() const {
  return kind == Kind::integer || kind == Kind::real || kind == Kind::number;
}

Type list_of(Type element) {
  return {Kind::list, std::make_shared<const Type>(std::move(element))};
}

Type optional_of(Type value) {
  if (value.kind == Kind::optional) return value;
  return {Kind::optional, std::make_shared<const Type>(std::move(value))};
}

Type element_of(const Type& type) {
  if (type.element != nullptr) return *type.element;
  if (type.kind != Kind::list || type.schema == nullptr) return {};
  return type_of_schema(member(*type.schema, "items"), type.document);
}

Type common(const Type& a, const Type& b) {
  if (a.kind == b.kind) {
    if (a.schema == b.schema && a.element == b.element) return a;
    return {a.kind};
  }
  if (a.is_number() && b.is_number()) return {Kind::number};
  return {};
}

Type type_of_schema(const json* schema, const json* document) {
  const auto* at = schema == nullptr ? nullptr : followed(schema, document);
  if (at == nullptr || !at->is_object() || is_open(*at)) return {};
  return {kind_of_schema(*at), nullptr, at, document};
}

Property property_of(const Type& object, std::string_view name) {
  using Presence = Property::Presence;
  if (object.element != nullptr) return {Presence::unknown, *object.element};
  if (object.kind != Kind::map || object.schema == nullptr) return {};
  const auto& schema = *object.schema;
  const auto presence = is_required(schema, name) ? Presence::surely : Presence::maybe;
  const auto* properties = member(schema, "properties");
  if (properties == nullptr || !properties->is_object())
    return {presence == Presence::surely ? Presence::surely : Presence::unknown};
  if (const auto found = properties->find(name); found != properties->end())
    return {presence, type_of_schema(&*found, object.document)};
  if (presence == Presence::surely) return {presence};
  const auto* others = member(schema, "additionalProperties");
  if (others == nullptr || *others == json(false)) return {Presence::never};
  return {Presence::maybe, type_of_schema(others, object.document)};
}

std::vector<std::string_view> keys_of(const Type& object) {
  std::vector<std::string_view> keys;
  const auto* properties =
      object.schema == nullptr ? nullptr : member(*object.schema, "properties");
  if (properties == nullptr || !properties->is_object()) return keys;
  for (auto at = properties->begin(); at != properties->end(); ++at) keys.emplace_back(at.key());
  return keys;
}

std::vector<std::string_view> values_of(const Type& text) {
  std::vector<std::string_view> values;
  if (text.kind != Kind::text || text.schema == nullptr) return values;
  if (const auto* value = member(*text.schema, "const"); value != nullptr && value->is_string())
    return {value->get_ref<const std::string&>()};
  const auto* declared = member(*text.schema, "enum");
  if (declared == nullptr || !declared->is_array()) return values;
  for (const auto& value : *declared)
    if (value.is_string()) values.emplace_back(value.get_ref<const std::string&>());
  return values;
}

}  // namespace skald::expr
