#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/expr/environment.hpp"
#include "engine/model/result.hpp"
#include "engine/model/value.hpp"

namespace skald::expr {

/// A piece of a text with "${…}" in it.
struct TextPiece {
  std::string text;         ///< literal, with "$${" already resolved, or what stands between braces
  bool expression = false;  ///< `text` is an expression
  std::size_t offset = 0;   ///< of `text` in the whole
};

/// Cuts `text` at its "${…}" without compiling them. An error names an unclosed one.
[[nodiscard]] Result<std::vector<TextPiece>> pieces_of(std::string_view text,
                                                       std::string_view where = {});

/// A JSON value with expressions in its strings: "${ e }" alone gives the value of e with its type;
/// inside other text it gives string(e); "$${" is a plain "${". Keys are never templates.
///
/// Cheap to copy; any thread may use it.
class Template {
 public:
  /// All findings of all expressions at once, each with its JSON Pointer below `base`.
  [[nodiscard]] static Result<Template> compile(const nlohmann::json& source,
                                                const Environment& environment,
                                                std::string_view base = {});

  [[nodiscard]] const Json& source() const;
  /// What all its expressions read together.
  [[nodiscard]] const References& references() const;
  /// What it gives: the type of a single expression, text, list, map or the kind of the literal.
  [[nodiscard]] Kind type() const;

  /// The error's message says which expression, its JSON Pointer, and why.
  [[nodiscard]] Result<nlohmann::json> evaluate(const SagaView& saga, const EventView& event) const;

 private:
  struct Compiled;
  explicit Template(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

/// As the engine calls it. It throws std::runtime_error with the message of the Error.
[[nodiscard]] Value to_value(Template value);

}  // namespace skald::expr
