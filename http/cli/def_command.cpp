#include "http/cli/def_command.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "dsl/diagram/diagram.hpp"
#include "dsl/json/show.hpp"
#include "engine/model/registry.hpp"
#include "engine/testing/cases.hpp"
#include "engine/testing/matrix.hpp"

namespace skald::cli {

namespace {

/// A document as it was read.
struct Text {
  std::string text;
  document::Format format = document::Format::detect;
};

/// More than the loader takes, so that it is the loader who says that it is too much.
constexpr std::size_t bytes_max = std::size_t{8} << 20;

Result<Text> read(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return Error{ErrorCode::not_found, "The file '" + path + "' cannot be read.", {}, {}};
  Text read;
  char chunk[64 * 1024];
  while (read.text.size() < bytes_max && (in.read(chunk, sizeof chunk), in.gcount() > 0))
    read.text.append(chunk, static_cast<std::size_t>(in.gcount()));
  const auto extension = std::filesystem::path(path).extension();
  if (extension == ".yaml" || extension == ".yml") read.format = document::Format::yaml;
  if (extension == ".json") read.format = document::Format::json;
  return read;
}

bool is_file(const std::string& name) {
  std::error_code ignored;
  return name == "-" || std::filesystem::is_regular_file(name, ignored);
}

const Definition* built_in(const DefContext& context, const std::string& name) {
  const Definition* found = nullptr;
  for (const auto& definition : context.built_in) {
    const auto& [known, version] = definition.ref;
    if (name == known + "@" + std::to_string(version)) return &definition;
    if (name == known && (found == nullptr || version > found->ref.version)) found = &definition;
  }
  return found;
}

Error unknown(const DefContext& context, const std::string& name) {
  std::string names;
  for (const auto& definition : context.built_in)
    names.append(names.empty() ? "" : ", ").append(definition.ref.name);
  return {ErrorCode::not_found,
          "'" + name + "' is neither a file nor a definition of this program.",
          names.empty() ? "It has none built in." : "Built in: " + names + ".",
          {}};
}

/// `known`: what documents may start sagas of; a document that is read becomes known, too.
Result<Definition> find(const DefContext& context, Registry& known, const std::string& name) {
  if (is_file(name)) {
    const auto text = read(name);
    if (!text) return text.error();
    auto definition = document::load(text->text, text->format,
                                     {.natives = context.natives, .definitions = &known});
    // One that is known by this name and version already is the one that counts.
    if (definition) static_cast<void>(known.add(*definition));
    return definition;
  }
  if (const Definition* definition = built_in(context, name)) return *definition;
  return unknown(context, name);
}

/// One line for each finding, as compilers write them: file:line:column: why [CODE].
void tell(std::ostream& err, const std::string& name, const Finding& finding) {
  err << name << ':' << finding.where << ": " << finding.why << " [" << finding.code << "]\n";
}

void tell(std::ostream& err, const std::string& name, const Error& error) {
  if (error.findings.empty()) err << name << ": " << error.message << '\n';
  for (const auto& finding : error.findings) tell(err, name, finding);
  if (error.findings.empty() && !error.hint.empty()) err << "  " << error.hint << '\n';
}

/// The cases that the document carries.
std::optional<Json> tests_of(const Definition& definition) {
  const auto& document = definition.document.value();
  if (!document.is_object() || !document.contains("tests")) return std::nullopt;
  return Json(document.at("tests"));
}

int lint(const std::string& name, const Definition& definition, std::ostream& out) {
  out << name << ": " << definition.ref.name << " version " << definition.ref.version
      << " is acceptable\n";
  return 0;
}

int show(const std::string& name, const Definition& definition, const DefOptions& options,
         std::ostream& out, std::ostream& err) {
  const auto shown = options.form == "steps" ? document::short_document(definition)
                                             : Result<Json>(document::full_document(definition));
  if (!shown) return tell(err, name, shown.error()), 1;
  out << shown->value().dump(2) << '\n';
  return 0;
}

int draw(const Definition& definition, const DefOptions& options, std::ostream& out) {
  const auto draw = options.format == "dot"        ? diagram::dot
                    : options.format == "plantuml" ? diagram::plantuml
                    : options.format == "svg"      ? diagram::svg
                                                   : diagram::mermaid;
  out << draw(definition);
  return 0;
}

int test_unwinding(const std::string& name, const Definition& definition, const DefOptions& options,
                   std::ostream& out, std::ostream& err) {
  testing::MatrixOptions how;
  how.depth = options.depth;
  if (!options.input.empty()) {
    const auto input = Json::parse(options.input);
    if (!input) return tell(err, "--input", input.error()), 2;
    how.input = *input;
  }
  const auto report = testing::unwind_matrix(definition, how);
  if (options.json)
    out << report.json().text() << '\n';
  else
    out << name << '\n' << report.text();
  return report.passed() ? 0 : 1;
}

int test_cases(const std::string& name, const Definition& definition, std::ostream& out,
               std::ostream& err) {
  const auto tests = tests_of(definition);
  if (!tests) {
    out << name << ": has no tests of its own; try --unwind\n";
    return 0;
  }
  const auto results = testing::run_cases(definition, *tests);
  if (!results) return tell(err, name, results.error()), 1;
  out << name << '\n' << testing::text_of(*results);
  return std::all_of(results->begin(), results->end(),
                     [](const testing::CaseResult& one) { return one.passed(); })
             ? 0
             : 1;
}

int run_one(const std::string& name, const DefOptions& options, const DefContext& context,
            Registry& known, std::ostream& out, std::ostream& err) {
  const auto definition = find(context, known, name);
  if (!definition) return tell(err, name, definition.error()), 1;
  switch (options.what) {
    case DefOptions::What::show:
      return show(name, *definition, options, out, err);
    case DefOptions::What::lint:
      return lint(name, *definition, out);
    case DefOptions::What::test:
      return options.unwind ? test_unwinding(name, *definition, options, out, err)
                            : test_cases(name, *definition, out, err);
    case DefOptions::What::diagram:
      return draw(*definition, options, out);
  }
  return 2;
}

}  // namespace

int run_def(const DefOptions& options, const DefContext& context, std::ostream& out,
            std::ostream& err) {
  int code = 0;
  Registry known;
  for (const auto& definition : context.built_in) static_cast<void>(known.add(definition));
  for (const auto& name : options.definitions)
    code = std::max(code, run_one(name, options, context, known, out, err));
  return code;
}

}  // namespace skald::cli
