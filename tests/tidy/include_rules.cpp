#include <algorithm>
#include <array>

#include "tests/tidy/rules.hpp"

namespace skald::tidy {

namespace {

/// What one folder may include besides itself: another folder exactly, or, with a final '/',
/// everything below it. A file belongs to the longest folder of the table that it lies in.
struct Edges {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Edges>& directions() {
  static const std::vector<Edges> table{
      {"engine/model", {}},
      {"engine/core", {"engine/model"}},
      {"engine/participants", {"engine/model"}},
      {"engine/testing", {"engine/core", "engine/model"}},
      {"engine/participants/barrier", {"engine/model"}},
      {"engine/orchestrator", {"engine/core", "engine/model", "engine/participants"}},
      {"dsl", {"dsl/expr", "engine/core", "engine/model"}},
      {"dsl/expr", {"engine/model"}},
      {"dsl/json", {"dsl/expr", "engine/core", "engine/model", "engine/testing"}},
      {"dsl/diagram", {"engine/model"}},
      {"sagas", {"dsl", "engine/"}},
      {"storage", {"engine/"}},
      {"storage/archive", {"engine/"}},
      {"storage/memory", {"engine/", "storage"}},
      {"storage/postgres", {"engine/", "storage"}},
      {"storage/sqlite", {"engine/", "storage"}},
      {"http/server", {"engine/model"}},
      {"http/api", {"dsl/diagram", "dsl/json", "engine/", "http/live", "http/server"}},
      {"http/client", {"engine/model", "engine/participants", "http/server"}},
      {"http/live", {"engine/", "http/server"}},
      {"http/dashboard", {"http/server"}},
  };
  return table;
}

/// Who puts things together may see everything.
bool sees_everything(std::string_view path) {
  return is_under(path, "http/cli") || is_under(path, "examples") || is_under(path, "tests");
}

const Edges* edges_of(std::string_view path) {
  const Edges* longest = nullptr;
  for (const auto& edges : directions())
    if (is_under(path, edges.folder) &&
        (longest == nullptr || edges.folder.size() > longest->folder.size()))
      longest = &edges;
  return longest;
}

bool is_ours(std::string_view target) {
  static constexpr std::array<std::string_view, 7> roots{"dsl",   "engine",  "examples", "http",
                                                         "sagas", "storage", "tests"};
  return std::any_of(roots.begin(), roots.end(),
                     [&](std::string_view root) { return is_under(target, root); });
}

bool may_include(const Edges& from, std::string_view folder) {
  const auto allows = [&](std::string_view entry) {
    return entry.ends_with('/') ? folder.starts_with(entry) : folder == entry;
  };
  return from.folder == folder ||
         std::any_of(from.may_include.begin(), from.may_include.end(), allows);
}

std::string list_of(const std::vector<std::string_view>& entries) {
  std::string list;
  for (const auto entry : entries) list += (list.empty() ? "" : ", ") + std::string(entry);
  return list.empty() ? "nothing else of ours" : list;
}

/// Empty when the direction is right.
std::string wrong_direction(std::string_view path, std::string_view target) {
  if (sees_everything(path)) return {};
  const auto* from = edges_of(path);
  const auto* to = edges_of(target);
  if (from == nullptr)
    return "lies in a folder without include rules: give it a row in tests/tidy/include_rules.cpp";
  if (to != nullptr && may_include(*from, to->folder)) return {};
  return "includes " + std::string(target) +
         " against the direction of the design: " + std::string(from->folder) + " may include " +
         list_of(from->may_include);
}

/// A third-party header that has to stay behind our own types.
struct Hidden {
  std::string_view header;  ///< the header, or the folder it lies in
  std::string_view instead;
  std::vector<std::string_view> header_exempt;  ///< folders whose headers may include it
};

const std::vector<Hidden>& hidden_headers() {
  static constexpr std::string_view pimpl = "include it in the .cpp and hide it behind a pimpl";
  static const std::vector<Hidden> table{
      {"boost/asio", pimpl, {}},
      {"boost/beast", pimpl, {}},
      {"nlohmann/json.hpp", "use <nlohmann/json_fwd.hpp>", {"examples", "sagas", "tests"}},
      {"spdlog", "include it in the .cpp only", {}},
      {"SQLiteCpp", pimpl, {}},
      {"sqlite3.h", pimpl, {}},
      {"CLI", "include it in the .cpp only", {}},
      {"openssl", pimpl, {}},
      {"re2", pimpl, {}},
  };
  return table;
}

bool belongs_to(std::string_view target, std::string_view library) {
  return target == library || is_under(target, library) || target == std::string(library) + ".hpp";
}

/// Empty when a header may include `target`.
std::string wrong_in_header(const Source& source, std::string_view target) {
  for (const auto& hidden : hidden_headers()) {
    if (!belongs_to(target, hidden.header)) continue;
    const auto exempt = [&](std::string_view folder) { return is_under(source.path(), folder); };
    if (std::any_of(hidden.header_exempt.begin(), hidden.header_exempt.end(), exempt)) continue;
    return "<" + std::string(target) + "> in a header: " + std::string(hidden.instead);
  }
  return {};
}

/// Empty when `include` is spelled as it should be.
std::string wrong_spelling(const Include& include) {
  if (include.quoted && !is_ours(include.target))
    return "\"" + include.target + "\" is not written from the root: write \"engine/…\" for our " +
           "own headers and <…> for those of others";
  if (!include.quoted && is_ours(include.target))
    return "<" + include.target + "> is our own header: write it in quotes";
  return {};
}

std::string wrong_stream(const Source& source, std::string_view target) {
  static constexpr std::array<std::string_view, 6> folders{"dsl",       "engine",      "http/api",
                                                           "http/live", "http/server", "storage"};
  if (target != "iostream") return {};
  for (const auto folder : folders)
    if (is_under(source.path(), folder))
      return "<iostream> in a library: return an Error, or log through the interface given";
  return {};
}

}  // namespace

Findings check_includes(const Source& source) {
  Findings findings;
  const auto add = [&](std::size_t line, std::string what) {
    if (!what.empty()) findings.push_back({source.path(), line, std::move(what)});
  };
  if (is_under(source.path(), "tests/consumers")) return findings;  // projects of their own
  for (const auto& include : source.includes()) {
    add(include.line, wrong_spelling(include));
    add(include.line, wrong_stream(source, include.target));
    if (is_ours(include.target)) add(include.line, wrong_direction(source.path(), include.target));
    if (source.is_header()) add(include.line, wrong_in_header(source, include.target));
  }
  return findings;
}

Findings check_network_files(const std::vector<Source>& sources) {
  static constexpr std::size_t files_max = 8;
  Findings findings;
  for (const auto& source : sources)
    for (const auto& include : source.includes())
      if (belongs_to(include.target, "boost/asio") || belongs_to(include.target, "boost/beast")) {
        findings.push_back({source.path(), include.line,
                            "one of too many files with Beast or Asio (at most " +
                                std::to_string(files_max) +
                                "): let an existing one do it, each costs seconds to compile"});
        break;
      }
  if (findings.size() <= files_max) findings.clear();
  return findings;
}

}  // namespace skald::tidy
