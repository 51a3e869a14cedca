#include <utility>

#include "dsl/sml/builder.hpp"
#include "engine/core/check.hpp"
#include "engine/core/input.hpp"

namespace skald::sml {

Builder::Builder(const Heading& heading, Purpose purpose, std::shared_ptr<Surroundings> around)
    : heading_(heading), purpose_(purpose), around_(std::move(around)) {
  if (!around_) around_ = std::make_shared<Surroundings>();
  d_.ref = heading.ref;
  // A table that declares no input takes none.
  d_.input = heading.input.check ? heading.input : schema_of({});
  d_.business_key = heading.business_key;
  d_.deadline = heading.deadline;
  d_.on_deadline = heading.on_deadline;
  d_.output = heading.output;
  d_.tags = heading.tags;
  d_.locks = heading.locks;
  d_.unwind_order = heading.unwind_order;
  d_.on_undo_failure = heading.on_undo_failure;
  d_.migrations = heading.migrations;
  d_.description = heading.description;
}

Built Builder::run(const Table& table) {
  if (machine()) built_.unknown = event({"an event of no type of this table", nullptr});
  add_table(table, std::nullopt, "");
  separate_regions();
  order_any_events();
  finish_steps();
  if (!machine()) signals(heading_.signals);
  name_states();
  return std::move(built_);
}

void Builder::refuse(std::string why, std::string code) {
  built_.findings.push_back({where_, std::move(why), std::move(code)});
}

void Builder::add_table(const Table& table, Parent parent, const std::string& prefix) {
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    where_ = prefix + "row " + std::to_string(i + 1);
    parent_ = parent;
    add_row(table.rows[i], parent);
  }
}

void Builder::add_row(const RowSpec& row, Parent parent) {
  using Kind = TriggerSpec::Kind;
  if (row.source.terminal) return refuse("X is the end; nothing leads on from it", "ROW");
  const StateIndex source = state(row.source, parent);
  if (row.source.initial) mark_initial(row.source, source, parent);
  const bool anonymous = row.trigger.kind == Kind::always;
  const bool ends = anonymous && row.target && row.target->terminal && !row.guard;
  if (ends && !machine() && row.source.sub == nullptr) return final(row, source);
  if (row.trigger.kind == Kind::entry || row.trigger.kind == Kind::exit)
    return entry_or_exit(row, source);
  if (anonymous && !row.target && !row.guard)
    return refuse("has neither event nor guard nor target; it would run for ever", "ROW");
  if (!row.target && row.actions.empty() && !machine())
    return refuse("does nothing; add an action or '= \"Target\"_s'", "ROW");
  transition(row, source, parent);
}

Result<Definition> build(const Heading& heading, const Table& table,
                         std::shared_ptr<Surroundings> around) {
  Built built = Builder(heading, Purpose::saga, std::move(around)).run(table);
  auto& findings = built.findings;
  if (findings.empty()) findings = check(built.definition);
  if (findings.empty()) return std::move(built.definition);
  return Error{ErrorCode::invalid_argument,
               "The definition '" + built.definition.ref.name + "' is not acceptable.",
               "Every finding names the table row it is about.", std::move(findings)};
}

}  // namespace skald::sml
