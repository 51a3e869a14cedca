#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dsl/expr/expression.hpp"
#include "dsl/expr/template.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/saga.hpp"

namespace skald::test {

/// A saga that expressions are evaluated on, and the place they are checked for. As it is made, no
/// schemas are declared; "debit" is done, "credit" only possibly executed, "notify" has not run.
struct ExprSaga {
  ExprSaga();

  Definition definition;
  Instance saga;
  nlohmann::json event;
  nlohmann::json item;
  expr::Environment environment;

  [[nodiscard]] SagaView view() const;
  [[nodiscard]] EventView event_view() const { return {"paid", "", event}; }

  /// The value of `text` as JSON; "error: …" when evaluation fails, or "CODE line:column why" of
  /// each finding when it is not accepted.
  [[nodiscard]] std::string result(std::string_view text) const;
  /// The codes of the findings, separated by spaces; empty when it is accepted.
  [[nodiscard]] std::string codes(std::string_view text) const;
  /// The only finding with its hint; whatever result() gives otherwise.
  [[nodiscard]] std::string finding(std::string_view text) const;

 private:
  Focus focus_{.step = {}, .item = &item, .index = 2};
};

/// What an expression gives.
struct ExprCase {
  std::string_view text;
  /// The value as JSON; "!…" an evaluation error that ends so; "EXPR_…" the codes of the findings.
  std::string_view result;
};
void check_all(const ExprSaga& saga, std::initializer_list<ExprCase> cases);

}  // namespace skald::test
