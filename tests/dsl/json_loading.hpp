#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "dsl/json/load.hpp"
#include "dsl/json/show.hpp"

/// So that failed checks show the lines that were found.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static doctest::String convert(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += "\n    " + line;
    return text.c_str();
  }
};

namespace skald::test {

/// One line for each finding: "CODE line:column /pointer".
inline std::vector<std::string> places(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const auto& finding : findings) lines.push_back(finding.code + " " + finding.where);
  return lines;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

/// All that is wrong, with the reasons, for the output of a failed test.
inline std::string printed(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings)
    text += finding.code + " " + finding.where + ": " + finding.why + "\n";
  return text;
}

/// The options the documents of these tests are loaded with.
inline document::LoadOptions test_options() {
  document::LoadOptions options;
  options.natives.functions["check-stock"] = [](const Invocation&) { return Outcome{Done{}}; };
  return options;
}

inline std::vector<std::string> wrong(std::string_view text,
                                      const document::LoadOptions& options = test_options()) {
  return places(document::lint(text, document::Format::detect, options));
}

/// Loads what must be acceptable.
inline Definition loaded(std::string_view text,
                         const document::LoadOptions& options = test_options()) {
  auto definition = document::load(text, document::Format::detect, options);
  REQUIRE_MESSAGE(definition.ok(),
                  printed(definition ? std::vector<Finding>{} : definition.error().findings));
  return std::move(definition).value();
}

/// A document of the short form whose list of steps is `steps`; `more` are further keys.
inline std::string with_steps(const std::string& steps, const std::string& more = "") {
  return R"({"saga":"s","version":1,)" + more + R"("steps":[)" + steps + "]}";
}

/// A step that calls a participant and has no undo.
inline std::string call(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","noUndo":"none needed",)" + more +
         R"("call":{"http":"POST ${participants.p}/)" + id + R"("}})";
}

}  // namespace skald::test
