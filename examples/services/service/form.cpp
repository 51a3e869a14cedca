#include "examples/services/service/form.hpp"

#include <nlohmann/json.hpp>

namespace skald::services {

namespace {

/// The field, or nullptr where the body is no object, lacks it, or has null there.
const nlohmann::json* find(const Json& body, const std::string& field) {
  const auto& tree = body.value();
  if (!tree.is_object()) return nullptr;
  const auto found = tree.find(field);
  return found == tree.end() || found->is_null() ? nullptr : &*found;
}

/// An integer that fits: one from 2^63 on would turn negative on its way into a signed one.
bool is_whole(const nlohmann::json& value) {
  if (value.is_number_unsigned())
    return value.get<std::uint64_t>() <= static_cast<std::uint64_t>(number_max);
  return value.is_number_integer();
}

}  // namespace

Form::Form(const Json& body) : body_(body) {
  if (!body_.value().is_object()) complain("", "the body must be a JSON object");
}

std::string Form::text(const std::string& field) {
  const auto* found = find(body_, field);
  if (found && found->is_string() && !found->get_ref<const std::string&>().empty())
    return found->get<std::string>();
  complain(field, "must be a text that is not empty");
  return {};
}

std::optional<std::string> Form::text_if_any(const std::string& field) {
  if (!find(body_, field)) return std::nullopt;
  return text(field);
}

std::int64_t Form::number(const std::string& field, std::int64_t least) {
  const auto* found = find(body_, field);
  if (found && is_whole(*found) && *found >= least && *found <= number_max)
    return found->get<std::int64_t>();
  complain(field, "must be a whole number from " + std::to_string(least) + " to " +
                      std::to_string(number_max));
  return least;
}

std::optional<std::int64_t> Form::number_if_any(const std::string& field, std::int64_t least) {
  if (!find(body_, field)) return std::nullopt;
  return number(field, least);
}

std::string Form::anything(const std::string& field) {
  const auto* found = find(body_, field);
  if (found) return found->dump();
  complain(field, "must be there");
  return {};
}

void Form::complain(const std::string& field, const std::string& why) {
  findings_.push_back({field.empty() ? field : "/" + field, why, "FIELD"});
}

Answer Form::problems() const {
  return bad_request("The request body is not what this operation takes.", findings_);
}

}  // namespace skald::services
