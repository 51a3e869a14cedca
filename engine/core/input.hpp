#pragma once

#include <map>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/error.hpp"
#include "engine/model/field.hpp"

namespace skald {

/// The schema of an object with these fields; when `closed`, with no others.
[[nodiscard]] Schema schema_of(const std::vector<Field>& fields, bool closed = true);

/// The text field of the input called `name`, as the business key a table names.
[[nodiscard]] Value input_field(const std::string& name);

/// Everything about `input` that does not fit the definition, each with its JSON Pointer below
/// `base`, e.g. "/input/amount". Empty: acceptable.
[[nodiscard]] std::vector<Finding> check_input(const Definition& definition, const Json& input,
                                               const std::string& base);

/// The business key that `input` carries; empty if it carries none, or is not acceptable.
[[nodiscard]] std::string business_key_of(const Definition& definition, const Json& input);

/// The tags that `input` gives the saga, beside those its starter gives.
[[nodiscard]] std::map<std::string, std::string> tags_of(const Definition& definition,
                                                         const Json& input);

}  // namespace skald
