#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dsl/expr/environment.hpp"
#include "dsl/json/facts.hpp"
#include "dsl/json/load.hpp"
#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"

namespace skald::document {

/// What an expression may read where it stands.
struct Scope {
  expr::Roots roots{expr::Root::input, expr::Root::data, expr::Root::steps, expr::Root::error,
                    expr::Root::saga};
  const Done* done = nullptr;             ///< null: no step is
  const nlohmann::json* event = nullptr;  ///< schema of the payload; null: not declared
  expr::Kind result = expr::Kind::dyn;
};

/// What a value must be where it stands, beyond Scope::result.
struct Wanted {
  bool (*fits)(expr::Kind kind);
  std::string_view what;  ///< e.g. "a tag is text or a number"
  std::string_view code;
};

/// Texts to find a saga by: numbers are written out.
[[nodiscard]] bool is_wordlike(expr::Kind kind);
/// What may tell when a wait ends.
[[nodiscard]] bool is_timelike(expr::Kind kind);

/// Compiles the expressions and templates of one document; what is wrong goes into the report, at
/// the text it stands in. {"$native": "name"} is the C++ function of that name.
class Expressions {
 public:
  /// The definition has all its steps, and its input's schema; it must outlive this.
  Expressions(const Definition& definition, const LoadOptions& options, Report& report);

  [[nodiscard]] Value value(const Node& node, const Scope& scope);
  /// None, and reported, when what it gives is known and does not fit.
  [[nodiscard]] Value value(const Node& node, const Scope& scope, const Wanted& wanted);
  [[nodiscard]] std::optional<Guard> guard(const Node& node, const Scope& scope);
  /// A text with expressions whose values are percent-encoded (RFC 3986 §2.1), so that none can
  /// change the shape of the path. `from` is where the path begins in the text of `node`.
  [[nodiscard]] Value path(const Node& node, std::size_t from, const Scope& scope);

 private:
  const expr::Environment& environment(const Node& node, const Scope& scope);
  const std::string* native(const Node& node);
  template <class Table>
  typename Table::mapped_type named(const Table& table, const Node& node, std::string_view what);
  void add(const Node& node, const std::vector<Finding>& findings);

  const Natives& natives_;
  Report& report_;
  expr::Environment environment_;
  std::vector<expr::KnownStep*> known_;  ///< by StepIndex
};

/// Whether some text in `node` holds `words`.
[[nodiscard]] bool mentions(const Node& node, std::string_view words);

}  // namespace skald::document
