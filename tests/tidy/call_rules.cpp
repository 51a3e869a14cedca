#include <algorithm>
#include <array>

#include "tests/tidy/functions.hpp"
#include "tests/tidy/rules.hpp"

namespace skald::tidy {

namespace {

/// Spellings that only some places may use, and what all others use instead.
struct Ban {
  std::vector<std::string_view> spellings;
  std::vector<std::string_view> allowed;  ///< folders or files
  std::string_view instead;
};

const std::vector<Ban>& bans() {
  static const std::vector<Ban> table{
      {{"system_clock::now", "steady_clock::now", "high_resolution_clock", "time(nullptr)",
        "time(NULL)", "time(0)", "gettimeofday", "clock_gettime"},
       {"engine/orchestrator/clock.cpp", "engine/participants", "http/server", "http/cli",
        "examples", "tests"},
       "take the time as an argument, or from the injected clock"},
      {{"random_device", "rand(", "srand("},
       {"engine/orchestrator/random_source.cpp", "tests", "examples"},
       "take randomness as an argument, or from the injected random source"},
      {{"sleep_for", "sleep_until", "sleep(", "usleep", "nanosleep"},
       {},
       "wait for the condition (condition variable, future, socket, timer), never for time"},
      {{"std::cout", "printf("},
       {"http/cli", "examples", "tests"},
       "return the text; only the program prints"},
      {{".detach()", "->detach()"}, {}, "keep the thread and join it (std::jthread)"},
  };
  return table;
}

bool is_allowed(const Ban& ban, std::string_view path) {
  return std::any_of(ban.allowed.begin(), ban.allowed.end(), [&](std::string_view place) {
    return path == place || is_under(path, place);
  });
}

void check_bans(const Source& source, Findings& findings) {
  for (const auto& ban : bans()) {
    if (is_allowed(ban, source.path())) continue;
    for (const auto spelling : ban.spellings)
      for (auto at = find_word(source.code(), spelling); at != std::string::npos;
           at = find_word(source.code(), spelling, at + 1))
        findings.push_back(
            {source.path(), source.line_of(at),
             std::string(spelling) + " is not for here: " + std::string(ban.instead)});
  }
}

/// Whether `keyword` at `at` is an expression: no operator function, no deleted function.
bool is_expression(std::string_view code, std::size_t at) {
  const auto last = code.find_last_not_of(" \n\t", at == 0 ? 0 : at - 1);
  if (at == 0 || last == std::string_view::npos) return true;
  const auto before = code.substr(0, last + 1);
  if (before.ends_with("operator")) return false;
  // Placement new owns nothing, and <new> is a header.
  const auto after = code.substr(code.find_first_not_of(' ', at + 3));
  if (before.ends_with('<') || (code.substr(at, 3) == "new" && after.starts_with('(')))
    return false;
  return !(code.substr(at, 6) == "delete" && before.ends_with('='));
}

void check_ownership(const Source& source, Findings& findings) {
  static constexpr std::array<std::string_view, 2> keywords{"new", "delete"};
  const std::string_view code = source.code();
  for (const auto keyword : keywords)
    for (auto at = find_word(code, keyword); at != std::string_view::npos;
         at = find_word(code, keyword, at + 1))
      if (is_expression(code, at))
        findings.push_back({source.path(), source.line_of(at),
                            "raw " + std::string(keyword) +
                                ": own it by a value, a container or std::make_unique"});
}

/// Takes `token` at `at`, after white space; false when something else stands there.
bool take(std::string_view code, std::size_t& at, std::string_view token) {
  const auto begin = skip_space(code, at);
  if (code.substr(begin, token.size()) != token) return false;
  at = begin + token.size();
  return true;
}

void check_catch(const Source& source, Findings& findings) {
  const std::string_view code = source.code();
  for (auto found = find_word(code, "catch"); found != std::string_view::npos;
       found = find_word(code, "catch", found + 1)) {
    auto at = found + 5;
    if (take(code, at, "(") && take(code, at, "...") && take(code, at, ")") &&
        take(code, at, "{") && take(code, at, "}"))
      findings.push_back({source.path(), source.line_of(found),
                          "catch (...) that swallows: turn it into an Error, or let it pass"});
  }
}

}  // namespace

Findings check_calls(const Source& source) {
  Findings findings;
  check_bans(source, findings);
  check_ownership(source, findings);
  check_catch(source, findings);
  return findings;
}

Findings check_header(const Source& source) {
  Findings findings;
  if (!source.is_header()) return findings;
  const std::string_view code = source.code();
  const auto first = skip_space(code, 0);
  if (!code.substr(first).starts_with("#pragma once\n"))
    findings.push_back({source.path(), source.line_of(first), "begin it with #pragma once"});
  const auto functions = find_functions(source).all;
  for (auto at = find_word(code, "using namespace"); at != std::string_view::npos;
       at = find_word(code, "using namespace", at + 1)) {
    const auto line = source.line_of(at);
    const bool in_function =
        std::any_of(functions.begin(), functions.end(), [&](const Function& function) {
          return function.first_line <= line && line <= function.last_line;
        });
    const auto name = code.substr(at, code.find(';', at) - at);
    if (!in_function && name.find("literals") == std::string_view::npos)
      findings.push_back({source.path(), line,
                          "using namespace in a header opens it for everyone who includes it: "
                          "write the names in full, or put it inside the function"});
  }
  return findings;
}

}  // namespace skald::tidy
