#include <algorithm>
#include <array>

#include "dsl/diagram/diagram.hpp"
#include "http/api/definition_routes.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"

namespace skald::http {

namespace {

struct Format {
  std::string_view name;
  std::string_view media_type;
  std::string (*draw)(const Definition&);
};

constexpr std::array formats{
    Format{"svg", "image/svg+xml", diagram::svg},
    Format{"mermaid", "text/vnd.mermaid; charset=utf-8", diagram::mermaid},
    Format{"dot", "text/vnd.graphviz; charset=utf-8", diagram::dot},
    Format{"plantuml", "text/plain; charset=utf-8", diagram::plantuml},
};

const Format& format_in(Query& query) {
  const auto name = query.text("format");
  if (!name) return formats.front();
  const auto* found = std::find_if(formats.begin(), formats.end(),
                                   [&](const Format& format) { return format.name == *name; });
  if (found != formats.end()) return *found;
  query.refuse("format", "must be one of: svg, mermaid, dot, plantuml");
  return formats.front();
}

Response drawn(const Definition& definition, const Format& format) {
  Response response{200, {}, format.draw(definition)};
  response.headers.add("Content-Type", std::string(format.media_type));
  // Names come from documents. They are escaped; a browser is told to run nothing all the same.
  response.headers.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  response.headers.add("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

void get_diagram(const ApiParts& parts, const std::string& name, const Request& request,
                 Respond respond) {
  Query query(request.query, {"format", "version"});
  const auto version = query.integer("version", 1, UINT32_MAX);
  const auto& format = format_in(query);
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  const auto definition =
      parts.definitions.find(name, static_cast<std::uint32_t>(version.value_or(0)));
  if (!definition) return respond(unknown_definition(name, version));
  parts.long_work.soon(
      [definition, &format, respond = std::move(respond)] { respond(drawn(*definition, format)); });
}

}  // namespace skald::http
