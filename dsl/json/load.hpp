#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/registry.hpp"
#include "engine/model/result.hpp"

/// The JSON saga language: texts become checked Definitions (load), and Definitions become texts
/// again (show.hpp). All functions may be called from any thread.
namespace skald::document {

/// C++ functions that documents may name: {"function": "name"} as a call, {"$native": "name"} as a
/// condition, an action or a value.
struct Natives {
  template <class Function>
  using Table = std::map<std::string, std::function<Function>, std::less<>>;
  Table<Outcome(const Invocation&)> functions;
  Table<bool(const SagaView&, const EventView&)> guards;
  Table<void(const SagaView&, const EventView&, nlohmann::json& data)> actions;
  Table<nlohmann::json(const SagaView&, const EventView&)> values;
};

struct LoadOptions {
  Natives natives{};
  /// The configured participants; none: not known here, so every name is taken.
  std::optional<std::set<std::string, std::less<>>> participants{};
  /// Those that a document's sagas may start and be started by; null: only the document itself.
  const Registry* definitions = nullptr;
  std::size_t size_max = std::size_t{1} << 20;  ///< bytes of a document
  /// It was registered before: its reads of `error`, which were not checked once, are taken.
  bool registered = false;
};

enum class Format {
  json,    ///< with // and /* */ comments and trailing commas
  yaml,    ///< one YAML 1.2 document that says what JSON can say
  detect,  ///< JSON when it begins with '{' or a JSON comment, else YAML
};

/// Reads, checks and compiles a document. Definition::document is its canonical text (short stays
/// short, comments are gone), and Definition::hash the SHA-256 of that.
///
/// Error: invalid_argument with everything that is wrong, each with "line:column /json/pointer"
/// (the pointer is left out for the document as a whole), by place.
[[nodiscard]] Result<Definition> load(std::string_view text, Format format,
                                      const LoadOptions& options = {});

/// Only what is wrong with a document; empty: load() takes it.
[[nodiscard]] std::vector<Finding> lint(std::string_view text, Format format,
                                        const LoadOptions& options = {});

/// The full form of a document of the short form, as canonical JSON; a full form stays as it is.
/// Error: like load(), for what stands in the way of expanding it.
[[nodiscard]] Result<Json> expanded(std::string_view text, Format format);

/// The JSON Schema of the language, draft 7, for editors and for checking without Skald.
[[nodiscard]] std::string_view definition_schema();

}  // namespace skald::document
