#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "dsl/expr/regex.hpp"
#include "dsl/json/fields.hpp"
#include "dsl/json/json_schema.hpp"

namespace skald::document {

namespace {

using nlohmann::json;

/// What the value of a keyword is.
enum class Is {
  schema,        ///< of the same value
  schemas,       ///< a list of them
  part,          ///< a schema of a part of the value
  parts,         ///< an object of them
  items,         ///< a schema of a part, or a list of them
  definitions,   ///< an object of schemas that are of nothing by themselves
  dependencies,  ///< an object of schemas of the same value, or of lists of names
  count,
  number,
  text,
  flag,
  names,
  values,
  type,
  pattern,
  format,
  ref,
  version,
  anything,
};

const std::map<std::string_view, Is>& keywords() {
  static const std::map<std::string_view, Is> table{
      {"$schema", Is::version},
      {"$ref", Is::ref},
      {"$comment", Is::text},
      {"$defs", Is::definitions},
      {"definitions", Is::definitions},
      {"title", Is::text},
      {"description", Is::text},
      {"default", Is::anything},
      {"examples", Is::anything},
      {"readOnly", Is::flag},
      {"writeOnly", Is::flag},
      {"deprecated", Is::flag},
      {"type", Is::type},
      {"enum", Is::values},
      {"const", Is::anything},
      {"multipleOf", Is::number},
      {"maximum", Is::number},
      {"exclusiveMaximum", Is::number},
      {"minimum", Is::number},
      {"exclusiveMinimum", Is::number},
      {"maxLength", Is::count},
      {"minLength", Is::count},
      {"pattern", Is::pattern},
      {"format", Is::format},
      {"items", Is::items},
      {"additionalItems", Is::part},
      {"maxItems", Is::count},
      {"minItems", Is::count},
      {"uniqueItems", Is::flag},
      {"contains", Is::part},
      {"maxProperties", Is::count},
      {"minProperties", Is::count},
      {"required", Is::names},
      {"properties", Is::parts},
      {"additionalProperties", Is::part},
      {"propertyNames", Is::part},
      {"dependencies", Is::dependencies},
      {"allOf", Is::schemas},
      {"anyOf", Is::schemas},
      {"oneOf", Is::schemas},
      {"not", Is::schema},
      {"if", Is::schema},
      {"then", Is::schema},
      {"else", Is::schema},
  };
  return table;
}

constexpr std::array<std::string_view, 7> types{"null",   "boolean", "object", "array",
                                                "number", "string",  "integer"};

/// How a reference is come to from the schema or definition it stands in.
struct Way {
  bool inside = false;    ///< through a part of the value
  bool combined = false;  ///< through a keyword that may check the same value more than once
};

struct Reference {
  std::string to;
  Way way;
  const Node* node;
};

class Rules {
 public:
  explicit Rules(Report& report) : report_(report) {}

  json run(const Node& root) {
    root_ = &root;
    json made = schema(root, {}, true);
    for (const auto& [name, references] : references_)
      for (const auto& reference : references)
        if (!references_.contains(reference.to) && reference.to != "#")
          report_.add(*reference.node->place,
                      "the schema has no '" + shown(reference.to) + "' to refer to", "SCHEMA_REF");
    if (report_.empty()) {
      find_circles();
      if (cost("#") > cost_max)
        report_.add(*root.place,
                    "its references multiply to more than " + std::to_string(cost_max) +
                        " checks of one value",
                    "SCHEMA_REF");
    }
    return made;
  }

 private:
  static constexpr std::size_t cost_max = 20'000;

  json schema(const Node& node, Way way, bool root = false) {
    ++size_[within_];
    references_[within_];
    if (const auto* flag = std::get_if<bool>(&node.value)) return *flag;
    const auto* members = node.object();
    if (members == nullptr) {
      report_.add(*node.place, "a JSON Schema is an object, or true or false", "SCHEMA");
      return true;
    }
    json made = json::object();
    for (const auto& member : *members) keyword(member, made, way, root);
    if (node.find("$ref") != nullptr && made.size() > 1) beside_ref(node);
    if (const Node* unique = node.find("uniqueItems")) unique_items(node, *unique);
    return made;
  }

  void beside_ref(const Node& node) {
    for (const auto& member : *node.object())
      if (member.key != "$ref" && member.key != "definitions" && member.key != "$defs" &&
          member.key != "description" && member.key != "title" && member.key != "$comment")
        report_.add_at_key(*member.value.place,
                           "beside '$ref' this means nothing; put both into 'allOf'", "SCHEMA_REF");
  }

  /// Comparing each with each is only done for lists of a few.
  void unique_items(const Node& node, const Node& unique) {
    constexpr std::int64_t most = 1000;
    const auto* flag = std::get_if<bool>(&unique.value);
    const Node* max = node.find("maxItems");
    const auto* count = max == nullptr ? nullptr : std::get_if<std::int64_t>(&max->value);
    if (flag != nullptr && *flag && (count == nullptr || *count > most))
      report_.add_at_key(*unique.place,
                         "'uniqueItems' needs 'maxItems' of at most " + std::to_string(most),
                         "SCHEMA");
  }

  void keyword(const Member& member, json& made, Way way, bool root) {
    const auto known = keywords().find(member.key);
    const Node& node = member.value;
    if (known == keywords().end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, is] : keywords()) names.push_back(name);
      return report_.add_at_key(*node.place,
                                "'" + shown(member.key) + "' is no keyword that is checked here" +
                                    suggestion(member.key, names),
                                "SCHEMA_KEYWORD");
    }
    const auto value = checked(member.key, node, known->second, way, root);
    if (known->second == Is::pattern)
      made[pattern_key] = value;
    else if (known->second == Is::format)
      made[format_key] = value;
    else if (known->second != Is::version && !value.is_discarded())
      made[member.key] = value;
  }

  json checked(std::string_view key, const Node& node, Is is, Way way, bool root) {
    const Way combined{way.inside, true}, part{true, way.combined};
    const Way contained{true, way.combined || key == "contains" || key == "propertyNames"};
    switch (is) {
      case Is::schema:
        return schema(node, combined);
      case Is::schemas:
        return list(node, key, [&](const Node& each) { return schema(each, combined); });
      case Is::part:
        return schema(node, contained);
      case Is::parts:
        return object(node, key, [&](const Member& each) { return schema(each.value, part); });
      case Is::items:
        if (node.list() == nullptr) return schema(node, part);
        return list(node, key, [&](const Node& each) { return schema(each, part); });
      case Is::dependencies:
        return object(node, key, [&](const Member& each) {
          return each.value.list() != nullptr ? names(each.value) : schema(each.value, combined);
        });
      case Is::definitions:
        return definitions(node, key, root);
      default:
        return scalar(key, node, is, way);
    }
  }

  json scalar(std::string_view key, const Node& node, Is is, Way way) {
    switch (is) {
      case Is::ref:
        return ref(node, way);
      case Is::pattern:
        return pattern(node);
      case Is::type:
        return type(node);
      case Is::names:
        return names(node);
      case Is::version:
        return version(node);
      case Is::count: {
        const auto* count = std::get_if<std::int64_t>(&node.value);
        if (count == nullptr || *count < 0) wrong(key, node, "a whole number from 0");
        break;
      }
      case Is::number:
        if (node.value.index() < 2 || node.value.index() > 4) wrong(key, node, "a number");
        break;
      case Is::text:
      case Is::format:
        if (node.text() == nullptr) wrong(key, node, "text");
        break;
      case Is::flag:
        if (!std::holds_alternative<bool>(node.value)) wrong(key, node, "true or false");
        break;
      case Is::values:
        if (node.list() == nullptr || node.list()->empty()) wrong(key, node, "a list of values");
        break;
      default:
        break;
    }
    return to_json(node);
  }

  void wrong(std::string_view key, const Node& node, const std::string& wanted) {
    report_.add(*node.place, "'" + std::string(key) + "' of a JSON Schema is " + wanted, "SCHEMA");
  }

  template <class Each>
  json list(const Node& node, std::string_view key, Each each) {
    json made = json::array();
    if (node.list() == nullptr || node.list()->empty()) {
      wrong(key, node, "a list of schemas");
      return made;
    }
    for (const auto& element : *node.list()) made.push_back(each(element));
    return made;
  }

  template <class Each>
  json object(const Node& node, std::string_view key, Each each) {
    json made = json::object();
    if (node.object() == nullptr)
      wrong(key, node, "an object of schemas");
    else
      for (const auto& member : *node.object()) made[member.key] = each(member);
    return made;
  }

  json definitions(const Node& node, std::string_view key, bool root) {
    if (!root) report_.add(*node.place, "definitions stand at the top of the schema", "SCHEMA_REF");
    return object(node, key, [&](const Member& each) {
      const std::string outer = within_;
      within_ = "#/" + std::string(key) + "/" + each.key;
      json made = schema(each.value, {});
      within_ = outer;
      return made;
    });
  }

  json ref(const Node& node, Way way) {
    const auto* text = node.text();
    const bool local = text != nullptr && (*text == "#" || text->starts_with("#/definitions/") ||
                                           text->starts_with("#/$defs/"));
    if (!local)
      report_.add(*node.place,
                  "a schema refers to \"#\", \"#/definitions/NAME\" or \"#/$defs/NAME\"; nothing "
                  "is fetched from elsewhere",
                  "SCHEMA_REF");
    else
      references_[within_].push_back({*text, way, &node});
    return to_json(node);
  }

  json pattern(const Node& node) {
    const auto* text = node.text();
    if (text == nullptr) {
      wrong("pattern", node, "text");
    } else if (const auto compiled = expr::Regex::compile(*text); !compiled) {
      report_.add(*node.place, compiled.error().message, "REGEX");
    }
    return to_json(node);
  }

  json type(const Node& node) {
    const auto one = [&](const Node& each) {
      const auto* text = each.text();
      if (text == nullptr || std::find(types.begin(), types.end(), *text) == types.end())
        report_.add(*each.place,
                    "'type' of a JSON Schema is " + one_of(types) +
                        (text == nullptr ? "" : suggestion(*text, types)),
                    "SCHEMA");
      return to_json(each);
    };
    return node.list() != nullptr ? list(node, "type", one) : one(node);
  }

  json names(const Node& node) {
    const bool good = node.list() != nullptr &&
                      std::all_of(node.list()->begin(), node.list()->end(),
                                  [](const Node& each) { return each.text() != nullptr; });
    if (!good) report_.add(*node.place, "a list of names is expected here", "SCHEMA");
    // Nothing is required: the engine refuses the empty list that says so.
    if (good && node.list()->empty()) return json(json::value_t::discarded);
    return to_json(node);
  }

  json version(const Node& node) {
    static const std::set<std::string, std::less<>> known{
        "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2020-12/schema"};
    if (node.text() == nullptr || !known.contains(*node.text()))
      report_.add(*node.place, "schemas are of draft 7 or 2020-12", "SCHEMA");
    return json(json::value_t::discarded);
  }

  /// A schema that comes back to itself must have gone into the value, and only once each time.
  void find_circles() {
    constexpr std::size_t definitions_max = 500;
    if (references_.size() > definitions_max)
      return report_.add(*root_->place,
                         "a schema has at most " + std::to_string(definitions_max) + " definitions",
                         "SCHEMA_REF");
    for (const auto& [name, references] : references_) {
      std::set<std::tuple<std::string, bool, bool>> seen;
      follow(name, name, {}, seen);
    }
  }

  void follow(const std::string& start, const std::string& at, Way way,
              std::set<std::tuple<std::string, bool, bool>>& seen) {
    if (!seen.emplace(at, way.inside, way.combined).second) return;
    for (const auto& reference : references_.at(at)) {
      const Way next{way.inside || reference.way.inside, way.combined || reference.way.combined};
      if (reference.to != start) {
        follow(start, reference.to, next, seen);
      } else if (!next.inside || next.combined) {
        report_.add(
            *reference.node->place,
            "refers back to where it stands, " +
                std::string(next.inside ? "through a keyword that checks a value more than once"
                                        : "without going into the value"),
            "SCHEMA_REF");
      }
    }
  }

  std::size_t cost(const std::string& name) {
    const auto known = costs_.find(name);
    if (known != costs_.end()) return known->second;
    costs_[name] = 0;  // a way back costs what the value is deep, not more
    std::size_t sum = size_[name];
    for (const auto& reference : references_[name])
      sum = std::min(sum + cost(reference.to), cost_max + 1);
    return costs_[name] = sum;
  }

  Report& report_;
  const Node* root_ = nullptr;
  std::string within_ = "#";
  std::map<std::string, std::vector<Reference>> references_;  ///< by where they stand
  std::map<std::string, std::size_t> size_;
  std::map<std::string, std::size_t> costs_;
};

}  // namespace

json checked_schema(const Node& schema, Report& report) { return Rules(report).run(schema); }

}  // namespace skald::document
