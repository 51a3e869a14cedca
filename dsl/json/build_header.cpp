#include <array>

#include "dsl/json/build.hpp"
#include "dsl/json/builder.hpp"
#include "dsl/json/json_schema.hpp"

namespace skald::document {

namespace {

constexpr std::array<std::string_view, 22> header_keys{
    "$schema",      "saga",          "version", "description", "input",      "output",
    "outputSchema", "businessKey",   "tags",    "locks",       "deadline",   "onDeadline",
    "unwindOrder",  "onUndoFailure", "retry",   "signals",     "migrations", "tests",
    "initial",      "states",        "steps",   "transitions"};

constexpr std::array<std::string_view, 2> on_deadline{"unwind", "alert"};
constexpr std::array<std::string_view, 3> unwind_order{"reverse", "parallel", "dependency"};
constexpr std::array<std::string_view, 2> on_undo_failure{"park", "continue"};
constexpr std::array<std::string_view, 3> unexpected{"keep", "refuse", "ignore"};

const Scope from_input{{expr::Root::input}};

constexpr Wanted wanted_key{is_wordlike, "a business key is text or a number", "BUSINESS_KEY"};
constexpr Wanted wanted_tag{is_wordlike, "a tag is text or a number", "EXPR_TYPE"};
constexpr Wanted wanted_lock{is_wordlike, "a lock is text or a number", "EXPR_TYPE"};
constexpr Wanted wanted_correlation{is_wordlike, "what a signal is found by is text or a number",
                                    "EXPR_TYPE"};

}  // namespace

Definition build(const Node& document, const LoadOptions& options, Report& report) {
  return Builder(document, options, report).run();
}

Definition Builder::run() {
  header();
  if (document_.object() == nullptr) {
    report_.machine_is_broken();
    return std::move(d_);
  }
  const Node* states = document_.find("states");
  if (states == nullptr || document_.find("initial") == nullptr) {
    report_.add(*document_.place,
                "a saga has 'steps' as a list (the short form), or 'initial', 'states', 'steps' "
                "and 'transitions' (the full form)",
                "MISSING_KEY");
    report_.machine_is_broken();
    return std::move(d_);
  }
  collect_states(*states, std::nullopt);
  collect_steps();
  order_states();
  order_steps();
  steps();
  this->states();
  transitions();
  check_events();
  Fields fields(document_, "the document", header_keys, report_);
  migrations(fields);
  facts_ = std::make_unique<Facts>(d_);
  expressions_ = std::make_unique<Expressions>(d_, options_, report_);
  heading_values(fields);
  for (const auto& compile : later_) compile();
  return std::move(d_);
}

void Builder::header() {
  Fields fields(document_, "the document", header_keys, report_);
  if (document_.object() == nullptr) return;
  (void)fields.text("$schema");
  if (const auto* name = fields.require("saga", "the name of the saga"))
    if (const auto text = fields.text("saga");
        text && check_name(*text, "a saga", *name->place, report_))
      d_.ref.name = *text;
  // The name is missed once, not by the checks of the model, too.
  if (d_.ref.name.empty()) d_.ref.name = "unnamed";
  fields.require("version", "a whole number from 1, higher for every change");
  d_.ref.version = fields.whole("version", 1, 2'000'000'000).value_or(1);
  d_.description = fields.text("description").value_or("");
  d_.deadline = fields.duration("deadline", Duration{1});
  if (const auto word = fields.word("onDeadline", on_deadline))
    d_.on_deadline = static_cast<OnDeadline>(*word);
  if (const auto word = fields.word("unwindOrder", unwind_order))
    d_.unwind_order = static_cast<UnwindOrder>(*word);
  if (const auto word = fields.word("onUndoFailure", on_undo_failure))
    d_.on_undo_failure = static_cast<OnUndoFailure>(*word);
  if (const Node* input = fields.find("input")) d_.input = input_schema(*input, report_);
  if (const Node* output = fields.find("outputSchema"))
    d_.output_schema = json_schema(*output, report_);
  policies(fields);
  signals(fields);
}

/// What is computed from the input alone, and the output from all there is at the end.
void Builder::heading_values(Fields& fields) {
  if (const Node* key = fields.find("businessKey"))
    d_.business_key = expressions_->value(*key, from_input, wanted_key);
  if (const Node* tags = fields.object("tags"))
    for (const auto& tag : *tags->object())
      if (check_name(tag.key, "a tag", *tag.value.place, report_))
        d_.tags.emplace(tag.key, expressions_->value(tag.value, from_input, wanted_tag));
  if (const auto* locks = fields.list("locks"))
    for (const auto& lock : *locks)
      d_.locks.push_back(expressions_->value(lock, from_input, wanted_lock));
  for (auto& signal : d_.signals)
    if (const Node* correlation = document_.find("signals")->find(signal.name)->find("correlation"))
      signal.correlation = expressions_->value(*correlation, from_input, wanted_correlation);
  const Done end = facts_->at_end();
  if (const Node* output = fields.find("output"))
    d_.output = expressions_->value(*output, {.done = &end});
}

void Builder::policies(Fields& fields) {
  const Node* policies = fields.object("retry");
  if (policies == nullptr) return;
  for (const auto& each : *policies->object())
    if (check_name(each.key, "a retry policy", *each.value.place, report_))
      policies_.emplace(each.key, policy(each.value));
}

void Builder::signals(Fields& fields) {
  const Node* signals = fields.object("signals");
  if (signals == nullptr) return;
  for (const auto& each : *signals->object())
    if (check_name(each.key, "a signal", *each.value.place, report_)) signal(each.key, each.value);
}

void Builder::signal(const std::string& name, const Node& node) {
  constexpr std::array<std::string_view, 3> keys{"payload", "correlation", "unexpected"};
  Fields fields(node, "a signal", keys, report_);
  Signal made{.name = name, .event = event(name), .where = where(*node.place, node.place->key)};
  raised_.insert(made.event);
  if (const Node* payload = fields.find("payload")) made.payload = json_schema(*payload, report_);
  if (const auto word = fields.word("unexpected", unexpected))
    made.unexpected = static_cast<WhenUnexpected>(*word);
  d_.signals.push_back(std::move(made));
}

void Builder::migrations(Fields& fields) {
  const auto* migrations = fields.list("migrations");
  if (migrations == nullptr) return;
  for (const auto& each : *migrations) migration(each);
}

void Builder::migration(const Node& node) {
  constexpr std::array<std::string_view, 4> keys{"from", "states", "steps", "data"};
  Fields fields(node, "a migration", keys, report_);
  Migration made;
  fields.require("from", "the older version");
  made.from = fields.whole("from", 1, 2'000'000'000).value_or(0);
  const bool older = made.from > 0 && made.from < d_.ref.version;
  const auto same_from = [&](const Migration& other) { return other.from == made.from; };
  if (made.from >= d_.ref.version)
    report_.add(*fields.find("from")->place,
                "a migration comes from an older version than " + std::to_string(d_.ref.version),
                "MIGRATION");
  else if (std::any_of(d_.migrations.begin(), d_.migrations.end(), same_from) && made.from > 0)
    report_.add(*node.place, "there is another migration from this version", "MIGRATION");
  renames(fields, "states", true, made.states);
  renames(fields, "steps", false, made.steps);
  // What is wrong with its version has been said; the check of the model would say it once more.
  if (!older) made.from = d_.ref.version + 1;
  const auto index = d_.migrations.size();
  if (const Node* data = fields.find("data"))
    later([this, data, index] {
      const Done anything{StepSet(d_.steps.size()), StepSet(d_.steps.size(), true)};
      d_.migrations[index].data = expressions_->value(*data, {.done = &anything});
    });
  d_.migrations.push_back(std::move(made));
}

void Builder::renames(Fields& fields, std::string_view key, bool of_states,
                      std::map<std::string, std::string, std::less<>>& renamed) {
  const Node* names = fields.object(key);
  if (names == nullptr) return;
  for (const auto& each : *names->object()) {
    const auto known =
        of_states ? state_named(each.value).has_value() : step_named(each.value).has_value();
    if (known) renamed.emplace(each.key, *each.value.text());
  }
}

}  // namespace skald::document
