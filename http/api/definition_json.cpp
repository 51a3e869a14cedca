#include "http/api/definition_json.hpp"

namespace skald::http {

void write_definition_head(JsonWriter& json, const ShownDefinition& shown) {
  const auto& definition = shown.definition;
  const bool from_document = !definition.document.is_null();
  json.text("name", definition.ref.name)
      .integer("version", definition.ref.version)
      .flag("newest", shown.newest)
      .text("language", from_document ? "json" : "c++")
      .text_unless_empty("hash", definition.hash)
      .text_unless_empty("description", definition.description);
}

std::string definition_json(const ShownDefinition& shown, std::string_view form,
                            const Json& document) {
  JsonWriter json;
  json.begin_object();
  write_definition_head(json, shown);
  json.text("form", form).value("document", document).end_object();
  return std::move(json).take();
}

}  // namespace skald::http
