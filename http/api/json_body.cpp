#include "http/api/json_body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "http/api/request_fields.hpp"

namespace skald::http {

namespace {

std::string pointer(std::string_view name) { return "/" + escape_pointer(name); }

std::string list_of(const std::vector<std::string_view>& names) {
  std::string list;
  for (const auto name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

std::string wrong_type(std::string_view wanted, const nlohmann::json& value) {
  return "must be " + std::string(wanted) + ", not " + value.type_name();
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const nlohmann::json* member(const Json& document, std::string_view name) {
  const auto found = document.value().find(name);
  return found == document.value().end() ? nullptr : &*found;
}

}  // namespace

ObjectReader::ObjectReader(const Json& document, std::vector<Finding>& findings)
    : document_(document), findings_(findings), is_object_(document.value().is_object()) {
  if (!is_object_)
    findings_.push_back({"", wrong_type("an object", document.value()), "FIELD_TYPE"});
}

void ObjectReader::refuse(std::string_view name, std::string why, std::string code) {
  findings_.push_back({pointer(name), std::move(why), std::move(code)});
}

void ObjectReader::expect(const std::vector<std::string_view>& known,
                          const std::vector<std::string_view>& required) {
  if (!is_object_) return;
  for (const auto name : required)
    if (!has(name)) refuse(name, "is missing", "FIELD_MISSING");
  for (const auto& [name, value] : document_.value().items())
    if (!contains(known, name))
      refuse(name, "is not a field here; there are: " + list_of(known), "FIELD_UNKNOWN");
}

bool ObjectReader::has(std::string_view name) const {
  return is_object_ && member(document_, name) != nullptr;
}

std::optional<std::string> ObjectReader::text(std::string_view name) {
  if (!has(name)) return std::nullopt;
  const auto& value = *member(document_, name);
  if (!value.is_string()) {
    refuse(name, wrong_type("a string", value), "FIELD_TYPE");
    return std::nullopt;
  }
  auto text = value.get<std::string>();
  if (text.find_first_not_of(" \t\r\n") != std::string::npos) return text;
  refuse(name, "must not be empty", "FIELD_VALUE");
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, std::int64_t least,
                                                  std::int64_t most) {
  if (!has(name)) return std::nullopt;
  const auto& value = *member(document_, name);
  if (!value.is_number_integer()) {
    refuse(name, wrong_type("an integer", value), "FIELD_TYPE");
    return std::nullopt;
  }
  const bool beyond = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
  const auto number = value.get<std::int64_t>();
  if (!beyond && number >= least && number <= most) return number;
  refuse(name, "must be from " + std::to_string(least) + " to " + std::to_string(most),
         "FIELD_VALUE");
  return std::nullopt;
}

std::optional<bool> ObjectReader::flag(std::string_view name) {
  if (!has(name)) return std::nullopt;
  const auto& value = *member(document_, name);
  if (value.is_boolean()) return value.get<bool>();
  refuse(name, wrong_type("true or false", value), "FIELD_TYPE");
  return std::nullopt;
}

std::vector<std::string> ObjectReader::list(std::string_view name) {
  std::vector<std::string> list;
  if (!has(name)) return list;
  const auto& array = *member(document_, name);
  if (!array.is_array()) {
    refuse(name, wrong_type("an array", array), "FIELD_TYPE");
    return list;
  }
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (array[i].is_string())
      list.push_back(array[i].get<std::string>());
    else
      findings_.push_back({pointer(name) + "/" + std::to_string(i),
                           wrong_type("a string", array[i]), "FIELD_TYPE"});
  }
  return list;
}

std::map<std::string, std::string> ObjectReader::texts(std::string_view name) {
  std::map<std::string, std::string> texts;
  if (!has(name)) return texts;
  const auto& object = *member(document_, name);
  if (!object.is_object()) {
    refuse(name, wrong_type("an object", object), "FIELD_TYPE");
    return texts;
  }
  for (const auto& [key, value] : object.items()) {
    if (value.is_string())
      texts.emplace(key, value.get<std::string>());
    else
      findings_.push_back(
          {pointer(name) + pointer(key), wrong_type("a string", value), "FIELD_TYPE"});
  }
  return texts;
}

std::optional<Json> ObjectReader::value(std::string_view name) {
  if (!has(name)) return std::nullopt;
  return Json(*member(document_, name));
}

std::string short_text(ObjectReader& document, std::string_view name) {
  static constexpr std::size_t bytes_max = 1000;
  auto text = document.text(name).value_or("");
  if (text.size() > bytes_max)
    document.refuse(name, "must be at most 1000 bytes long", "FIELD_VALUE");
  return text;
}

std::variant<Json, Problem> read_body(const Request& request, Body body) {
  if (request.body.empty() && body == Body::may_be_empty) return Json(nlohmann::json::object());
  if (!is_json(request.headers))
    return Problem{.status = 415,
                   .code = "UNSUPPORTED_MEDIA_TYPE",
                   .detail = "The body must be JSON.",
                   .hint = "Send the header Content-Type: application/json."};
  auto parsed = Json::parse(request.body);
  if (parsed) return std::move(*parsed);
  auto problem = problem_of(parsed.error());
  problem.code = "MALFORMED_JSON";
  return problem;
}

std::variant<std::string, Problem> read_key(const Request& request) {
  auto key = idempotency_key(request.headers);
  if (key) return std::move(*key);
  auto problem = problem_of(key.error());
  problem.code = "BAD_IDEMPOTENCY_KEY";
  return problem;
}

Response refused_body(std::string message, std::vector<Finding> findings) {
  return to_response(
      problem_of({ErrorCode::invalid_argument, std::move(message),
                  "Every error says where and what would be right.", std::move(findings)}));
}

}  // namespace skald::http
