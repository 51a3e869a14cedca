#include "dsl/json/json_schema.hpp"

#include <nlohmann/json.hpp>
// The adapter comes first: the parser needs its traits.
#include <valijson/adapters/nlohmann_json_adapter.hpp>

#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "dsl/expr/regex.hpp"
#include "engine/model/json.hpp"
#include "engine/model/time.hpp"

namespace skald::document {

namespace {

using nlohmann::json;
using Context = std::vector<std::string>;

/// A condition on texts that we check ourselves.
class TextConstraint : public valijson::constraints::PolyConstraint {
 public:
  using Fits = std::function<bool(const std::string&)>;
  TextConstraint(Fits fits, std::string why) : fits_(std::move(fits)), why_(std::move(why)) {}

  bool validate(const valijson::adapters::Adapter& target, const Context& context,
                valijson::ValidationResults* results) const override {
    if (!target.isString() || fits_(target.asString())) return true;
    if (results != nullptr) results->pushError(context, why_);
    return false;
  }

 private:
  valijson::constraints::Constraint* cloneInto(void* place) const override {
    return ::new (place) TextConstraint(*this);
  }
  std::size_t sizeOf() const override { return sizeof(TextConstraint); }

  Fits fits_;
  std::string why_;
};

struct PatternBuilder : valijson::ConstraintBuilder {
  valijson::constraints::Constraint* make(const valijson::adapters::Adapter& value) const override {
    const auto source = value.asString();
    const auto pattern = expr::Regex::compile(source);
    if (!pattern) throw std::runtime_error(pattern.error().message);
    return std::make_unique<TextConstraint>(
               [pattern = *pattern](const std::string& text) { return pattern.matches(text); },
               "does not match the pattern " + source)
        .release();  // the parser owns it
  }
};

bool is_date(const std::string& text) {
  return text.size() == 10 && parse_rfc3339(text + "T00:00:00Z").has_value();
}

bool is_uuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
      return false;
  }
  return true;
}

struct FormatBuilder : valijson::ConstraintBuilder {
  valijson::constraints::Constraint* make(const valijson::adapters::Adapter& value) const override {
    const auto format = value.asString();
    const auto fits = [format](const std::string& text) {
      if (format == "date-time") return parse_rfc3339(text).has_value();
      if (format == "date") return is_date(text);
      if (format == "uuid") return is_uuid(text);
      return true;  // the others only describe, as draft 7 allows
    };
    return std::make_unique<TextConstraint>(fits, "is no " + format).release();
  }
};

std::string pointer(const std::string& base, const Context& context) {
  std::string text = base;
  for (std::size_t i = 1; i < context.size(); ++i) {
    const auto& token = context[i];  // "[name]"
    text += "/" + escape_pointer(token.substr(1, token.size() - 2));
  }
  return text;
}

bool lies_below(const Context& inner, const Context& outer) {
  return inner.size() > outer.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

/// What is wrong; that something is wrong inside is said by what lies inside.
std::vector<Finding> findings_of(const valijson::ValidationResults& results,
                                 const std::string& base) {
  std::vector<Finding> findings;
  for (const auto& error : results) {
    const bool repeats = error.description.starts_with("Failed to validate") &&
                         std::any_of(results.begin(), results.end(), [&](const auto& other) {
                           return lies_below(other.context, error.context);
                         });
    Finding finding{pointer(base, error.context), error.description, "INPUT_SCHEMA"};
    if (!repeats && std::find(findings.begin(), findings.end(), finding) == findings.end())
      findings.push_back(std::move(finding));
  }
  return findings;
}

/// Throws what the parser throws.
Schema compile(const json& source, const json& checked, bool object) {
  auto compiled = std::make_shared<valijson::Schema>();
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.addConstraintBuilder(pattern_key, std::make_unique<PatternBuilder>().release());
  parser.addConstraintBuilder(format_key, std::make_unique<FormatBuilder>().release());
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(checked), *compiled);
  return {Json(source), [compiled, object](const json& value, const std::string& base) {
            if (object && !value.is_object())
              return std::vector<Finding>{{base, "must be an object", "INPUT_TYPE"}};
            valijson::ValidationResults results;
            valijson::Validator validator;
            const valijson::adapters::NlohmannJsonAdapter target(value);
            if (validator.validate(*compiled, target, &results)) return std::vector<Finding>{};
            auto findings = findings_of(results, base);
            if (findings.empty()) findings.push_back({base, "is not accepted", "INPUT_SCHEMA"});
            return findings;
          }};
}

Schema schema_of(const Node& node, Report& report, bool object) {
  Report own;
  const json checked = checked_schema(node, own);
  for (auto& finding : own.sorted()) report.add(std::move(finding));
  if (!own.empty()) return {};
  try {
    return compile(to_json(node), checked, object);
  } catch (const std::exception& e) {
    report.add(*node.place, "is no JSON Schema: " + shown(e.what()), "SCHEMA");
    return {};
  }
}

}  // namespace

Schema json_schema(const Node& node, Report& report) { return schema_of(node, report, false); }

Schema input_schema(const Node& node, Report& report) {
  const Node* type = node.find("type");
  if (node.object() == nullptr)
    report.add(*node.place, "'input' is a JSON Schema, an object", "TYPE");
  else if (type != nullptr && (type->text() == nullptr || *type->text() != "object"))
    report.add(*type->place, "the input of a saga is an object", "SCHEMA");
  else
    return schema_of(node, report, true);
  return {};
}

}  // namespace skald::document
