#pragma once

#include <string>
#include <string_view>

#include "engine/model/definition.hpp"
#include "http/api/json_writer.hpp"

namespace skald::http {

/// How a definition is shown: its names, and the document that says what it is.
struct ShownDefinition {
  const Definition& definition;
  bool newest = false;  ///< no later version of it is registered
};

/// The members that a list shows: name, version, newest, language ("c++" or "json"), hash (of the
/// registered document) and description.
void write_definition_head(JsonWriter& json, const ShownDefinition& shown);

/// The whole definition, with `document` in the form ("full" or "steps") it is in. What is a C++
/// function stands in it by its name.
[[nodiscard]] std::string definition_json(const ShownDefinition& shown, std::string_view form,
                                          const Json& document);

}  // namespace skald::http
