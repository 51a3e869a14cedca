#include "engine/testing/sample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace skald::testing {

namespace {

using nlohmann::json;

/// Deeper schemas than this refer to themselves.
constexpr int depth_max = 32;

std::string text_of_format(const std::string& format) {
  static const std::map<std::string, std::string> texts{
      {"date-time", "2026-01-01T00:00:00Z"},
      {"date", "2026-01-01"},
      {"time", "00:00:00Z"},
      {"duration", "PT1S"},
      {"email", "someone@example.com"},
      {"hostname", "example.com"},
      {"ipv4", "192.0.2.1"},
      {"ipv6", "2001:db8::1"},
      {"uri", "https://example.com/"},
      {"uuid", "00000000-0000-4000-8000-000000000000"}};
  const auto found = texts.find(format);
  return found == texts.end() ? "" : found->second;
}

class Maker {
 public:
  explicit Maker(const json& root) : root_(root) {}

  json make(const json& schema, int depth = 0) const {
    if (!schema.is_object() || depth > depth_max) return json::object();
    if (schema.contains("const")) return schema["const"];
    if (schema.contains("default")) return schema["default"];
    for (const char* const list : {"examples", "enum"})
      if (schema.contains(list) && schema[list].is_array() && !schema[list].empty())
        return schema[list][0];
    if (schema.contains("$ref") && schema["$ref"].is_string()) return referred(schema, depth);
    for (const char* const choice : {"oneOf", "anyOf"})
      if (schema.contains(choice) && schema[choice].is_array() && !schema[choice].empty())
        return merged(schema, json::array({schema[choice][0]}), choice, depth);
    if (schema.contains("allOf") && schema["allOf"].is_array())
      return merged(schema, schema["allOf"], "allOf", depth);
    return of_type(schema, depth);
  }

 private:
  json referred(const json& schema, int depth) const {
    const auto text = schema["$ref"].get<std::string>();
    if (!text.starts_with("#")) return json::object();
    try {
      return make(root_.at(json::json_pointer(text.substr(1))), depth + 1);
    } catch (const json::exception&) {
      return json::object();
    }
  }

  /// `schema` without `word`, and what `parts` add to it.
  json merged(const json& schema, const json& parts, const char* word, int depth) const {
    json all = schema;
    all.erase(word);
    for (const auto& part : parts) {
      if (!part.is_object()) continue;
      for (const auto& [key, value] : part.items()) {
        const bool both = all.contains(key);
        if (both && key == "required" && value.is_array())
          all[key].insert(all[key].end(), value.begin(), value.end());
        else if (both && value.is_object())
          all[key].update(value, true);
        else
          all[key] = value;
      }
    }
    return make(all, depth + 1);
  }

  static std::string type_of(const json& schema) {
    if (schema.contains("type")) {
      const json& type =
          schema["type"].is_array() && !schema["type"].empty() ? schema["type"][0] : schema["type"];
      if (type.is_string()) return type.get<std::string>();
    }
    if (schema.contains("items") || schema.contains("minItems")) return "array";
    if (schema.contains("minLength") || schema.contains("format")) return "string";
    if (schema.contains("minimum") || schema.contains("maximum")) return "number";
    return "object";
  }

  json of_type(const json& schema, int depth) const {
    const std::string type = type_of(schema);
    if (type == "string") return text(schema);
    if (type == "integer" || type == "number") return number(schema, type == "integer");
    if (type == "boolean") return false;
    if (type == "null") return nullptr;
    if (type == "array") return array(schema, depth);
    return object(schema, depth);
  }

  static std::size_t count(const json& schema, const char* word) {
    if (!schema.contains(word) || !schema[word].is_number()) return 0;
    return static_cast<std::size_t>(std::clamp(schema[word].get<double>(), 0.0, 10'000.0));
  }

  static json text(const json& schema) {
    std::string made;
    if (schema.contains("format") && schema["format"].is_string())
      made = text_of_format(schema["format"].get<std::string>());
    const std::size_t least = count(schema, "minLength");
    while (made.size() < least) made += static_cast<char>('a' + made.size() % 26);
    return made;
  }

  static json number(const json& schema, bool whole) {
    double value = 0;
    const auto bound = [&](const char* word) -> std::optional<double> {
      if (!schema.contains(word) || !schema[word].is_number()) return std::nullopt;
      return schema[word].get<double>();
    };
    if (const auto most = bound("maximum")) value = std::min(value, *most);
    if (const auto below = bound("exclusiveMaximum")) value = std::min(value, *below - 1);
    if (const auto least = bound("minimum")) value = std::max(value, *least);
    if (const auto above = bound("exclusiveMinimum")) value = std::max(value, *above + 1);
    if (const auto step = bound("multipleOf"); step && *step > 0)
      value = std::ceil(value / *step) * *step;
    if (!whole) return value;
    return static_cast<std::int64_t>(std::ceil(std::clamp(value, -9e15, 9e15)));
  }

  json array(const json& schema, int depth) const {
    json made = json::array();
    const std::size_t least = count(schema, "minItems");
    for (std::size_t i = 0; i < least; ++i) {
      const bool own = schema.contains("prefixItems") && schema["prefixItems"].is_array() &&
                       i < schema["prefixItems"].size();
      const json rest = schema.contains("items") ? schema["items"] : json::object();
      made.push_back(make(own ? schema["prefixItems"][i] : rest, depth + 1));
    }
    return made;
  }

  json object(const json& schema, int depth) const {
    json made = json::object();
    if (!schema.contains("required") || !schema["required"].is_array()) return made;
    const json none = json::object();
    const json& members = schema.contains("properties") ? schema["properties"] : none;
    for (const auto& name : schema["required"]) {
      if (!name.is_string()) continue;
      const auto key = name.get<std::string>();
      made[key] =
          make(members.is_object() && members.contains(key) ? members[key] : none, depth + 1);
    }
    return made;
  }

  const json& root_;
};

/// How a document reads a text of its input: what stands before and behind the name.
struct Reading {
  std::string_view before;
  std::string_view behind;
  const char* example;
};

constexpr const char* an_instant = "2026-01-01T00:00:00Z";
constexpr const char* a_span = "1s";
constexpr std::array<Reading, 4> readings{{{"timestamp(input.", ")", an_instant},
                                           {"duration(input.", ")", a_span},
                                           {"\"until\":\"${input.", "}\"", an_instant},
                                           {"\"at\":\"${input.", "}\"", an_instant}}};

bool is_time(const std::string& text) {
  return parse_rfc3339(text).has_value() || parse_duration(text).has_value();
}

/// Puts `example` where `path` ("a.b") leads to a text that was made up.
void put(json& value, std::string_view path, const char* example) {
  std::string pointer = "/";
  for (const char c : path) pointer += c == '.' ? '/' : c;
  try {
    json& text = value.at(json::json_pointer(pointer));
    if (text.is_string() && !is_time(text.get<std::string>())) text = example;
  } catch (const json::exception&) {
    // A path with brackets or functions in it, or a member that is not required.
  }
}

void put_times(const std::string& document, json& value) {
  for (const auto& [before, behind, example] : readings)
    for (auto at = document.find(before); at != std::string::npos;
         at = document.find(before, at + 1)) {
      const auto begin = at + before.size();
      const auto end = document.find(behind, begin);
      if (end != std::string::npos)
        put(value, std::string_view(document).substr(begin, end - begin), example);
    }
}

Sample checked(const Schema& schema, const json& made) {
  Sample sample{Json(made), {}};
  if (schema.check) sample.findings = schema.check(made, "");
  return sample;
}

}  // namespace

Sample sample_input(const Definition& definition) {
  json made = sample_of(definition.input).value.value();
  put_times(definition.document.text(), made);
  return checked(definition.input, made);
}

Sample sample_of(const Schema& schema) {
  const json& source = schema.source.value();
  return checked(schema, source.is_object() ? Maker(source).make(source) : json::object());
}

}  // namespace skald::testing
