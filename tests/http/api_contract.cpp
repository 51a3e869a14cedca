#include "tests/http/api_contract.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace skald::http::test {

namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == value.type_name();
}

void check_keywords(const json& schema, const std::string& where,
                    std::vector<std::string>& errors) {
  static const std::set<std::string> known{
      "type",        "required",  "properties", "additionalProperties",
      "items",       "enum",      "oneOf",      "$ref",
      "description", "format",    "examples",   "default",
      "minLength",   "maxLength", "minimum",    "maximum",
      "pattern"};
  for (const auto& [keyword, unused] : schema.items())
    if (!known.contains(keyword))
      errors.push_back(where + ": the schema uses the unknown keyword " + keyword);
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at + 1), path.size());
    segments.push_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return segments;
}

bool matches(const std::string& path_template, const std::string& path) {
  const auto wanted = split(path_template);
  const auto given = split(path);
  return std::equal(
      wanted.begin(), wanted.end(), given.begin(), given.end(),
      [](const std::string& a, const std::string& b) { return a == b || a.starts_with('{'); });
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

std::vector<std::string> SchemaCheck::errors(const json& schema, const json& value) const {
  std::vector<std::string> errors;
  check(schema, value, "", errors);
  return errors;
}

void SchemaCheck::check(const json& schema, const json& value, const std::string& where,
                        std::vector<std::string>& errors) const {
  check_keywords(schema, where, errors);
  if (schema.contains("$ref")) {
    const auto place = schema["$ref"].get<std::string>().substr(1);
    check(document_.at(json::json_pointer(place)), value, where, errors);
  }
  if (schema.contains("type") && !has_type(value, schema["type"])) {
    errors.push_back(where + ": must be " + schema["type"].dump() + ", is " + value.dump());
    return;
  }
  const auto& values = schema.value("enum", json());
  if (values.is_array() && std::find(values.begin(), values.end(), value) == values.end())
    errors.push_back(where + ": " + value.dump() + " is none of " + values.dump());
  if (schema.contains("oneOf")) {
    const auto& all = schema["oneOf"];
    const auto fits = [&](const json& one) { return this->errors(one, value).empty(); };
    if (std::count_if(all.begin(), all.end(), fits) != 1)
      errors.push_back(where + ": must fit exactly one of " + all.dump());
  }
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      check(schema["items"], value[i], where + "/" + std::to_string(i), errors);
  if (value.is_object()) check_object(schema, value, where, errors);
}

void SchemaCheck::check_object(const json& schema, const json& value, const std::string& where,
                               std::vector<std::string>& errors) const {
  for (const auto& name : schema.value("required", json::array()))
    if (!value.contains(name))
      errors.push_back(where + "/" + name.get<std::string>() + ": missing");
  const auto properties = schema.value("properties", json::object());
  const auto others = schema.value("additionalProperties", json(true));
  for (const auto& [name, member] : value.items()) {
    const auto place = where + "/" + name;
    if (properties.contains(name))
      check(properties[name], member, place, errors);
    else if (others.is_object())
      check(others, member, place, errors);
    else if (!others.get<bool>())
      errors.push_back(place + ": not declared");
  }
}

struct Contract::Document {
  json all;
};

Contract::Contract(const std::string& openapi)
    : document_(std::make_unique<Document>(Document{json::parse(openapi)})) {}

Contract::~Contract() = default;

std::vector<std::string> Contract::operations() const {
  std::vector<std::string> operations;
  for (const auto& [path, item] : document_->all.at("paths").items())
    for (const auto& [method, operation] : item.items())
      if (method != "parameters") operations.push_back(upper(method) + " " + path);
  return operations;
}

std::string Contract::operation_of(const Seen& seen) const {
  for (const auto& operation : operations()) {
    const auto space = operation.find(' ');
    if (operation.substr(0, space) == seen.method &&
        matches(operation.substr(space + 1), seen.path))
      return operation;
  }
  return {};
}

std::vector<std::string> Contract::errors(const Seen& seen) const {
  const auto operation = operation_of(seen);
  if (operation.empty()) return {};
  const auto space = operation.find(' ');
  std::string method = operation.substr(0, space);
  std::transform(method.begin(), method.end(), method.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto& responses =
      document_->all.at("paths").at(operation.substr(space + 1)).at(method).at("responses");
  const auto status = std::to_string(seen.status);
  if (!responses.contains(status)) return {operation + " does not declare the status " + status};
  const json* response = &responses[status];
  if (response->contains("$ref"))
    response =
        &document_->all.at(json::json_pointer(response->at("$ref").get<std::string>().substr(1)));
  if (!response->contains("content"))
    return seen.body.empty() ? std::vector<std::string>{}
                             : std::vector<std::string>{operation + ": a body is not declared"};
  const auto type = seen.content_type.substr(0, seen.content_type.find(';'));
  const auto& content = response->at("content");
  if (!content.contains(type)) return {operation + " does not declare the type '" + type + "'"};
  if (!type.ends_with("json")) return {};
  const auto body = json::parse(seen.body, nullptr, false);
  if (body.is_discarded()) return {operation + ": the body is not JSON: " + seen.body};
  return SchemaCheck(document_->all).errors(content[type].at("schema"), body);
}

}  // namespace skald::http::test
