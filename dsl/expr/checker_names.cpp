#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dsl/expr/checker.hpp"

namespace skald::expr {

namespace {

constexpr std::array all_roots{Root::input,        Root::data,   Root::steps, Root::event,
                               Root::error,        Root::saga,   Root::item,  Root::index,
                               Root::participants, Root::secrets};

struct SagaField {
  std::string_view name;
  Op op;
  Kind kind;
};
constexpr std::array<SagaField, 5> saga_fields{{{"id", Op::saga_id, Kind::text},
                                                {"businessKey", Op::saga_key, Kind::text},
                                                {"definition", Op::saga_definition, Kind::text},
                                                {"version", Op::saga_version, Kind::integer},
                                                {"now", Op::saga_now, Kind::timestamp}}};

std::string where_allowed(Root root) {
  switch (root) {
    case Root::event:
      return "there is an event only where a transition or an outcome is decided";
    case Root::item:
    case Root::index:
      return "there is an item only in a step with forEach";
    case Root::participants:
      return "participants are for the address of a call";
    case Root::secrets:
      return "secrets are for the headers of a call";
    default:
      return {};
  }
}

std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }

nlohmann::json error_schema_with(const nlohmann::json& required) {
  return {{"type", "object"},
          {"required", required},
          {"properties",
           {{"step", {{"type", "string"}}},
            {"code", {{"type", "string"}}},
            {"message", {{"type", "string"}}},
            {"details", nlohmann::json::object()}}}};
}

/// What the latest failure looks like: see SagaView::error().
const nlohmann::json& error_schema(ErrorAvailability error) {
  static const auto checked = error_schema_with({"code", "message"});
  static const auto unchecked = error_schema_with({"step", "code", "message", "details"});
  return error == ErrorAvailability::unchecked ? unchecked : checked;
}

}  // namespace

Type Checker::name(Index index) {
  const auto& name = text_of(index);
  for (auto slot = variables_.size(); slot-- > 0;) {
    if (variables_[slot] != name) continue;
    node(index).op = Op::slot;
    node(index).index = static_cast<Index>(slot);
    return variable_types_[slot];
  }
  for (const auto root : all_roots)
    if (name_of(root) == name) return this->root(index, root);
  return unknown_name(index);
}

bool Checker::allow(Index index, Root root) {
  references_.roots.insert(root);
  if (env_.roots.contains(root)) return true;
  problem("EXPR_ROOT_NOT_ALLOWED", index, in_quotes(name_of(root)) + " cannot be used here",
          where_allowed(root));
  return false;
}

Type Checker::root(Index index, Root root) {
  const auto become = [&](Op op, const nlohmann::json* schema) {
    node(index).op = op;
    return type_of_schema(schema, schema);
  };
  if (!allow(index, root)) return {};
  switch (root) {
    case Root::input:
      return become(Op::input, env_.input);
    case Root::data:
      return become(Op::data, env_.data);
    case Root::event:
      return become(Op::event, env_.event);
    case Root::item:
      return become(Op::item, env_.item);
    case Root::error:
      return become(Op::error, &error_schema(env_.error));
    case Root::index:
      node(index).op = Op::item_index;
      return {Kind::integer};
    default:
      problem("EXPR_TYPE", index, in_quotes(name_of(root)) + " alone is no value",
              root == Root::steps ? "write steps.<id>.output"
                                  : "write " + std::string(name_of(root)) + ".<name>");
      return {};
  }
}

Type Checker::unknown_name(Index index) {
  const auto& name = text_of(index);
  std::vector<std::string_view> candidates(variables_.begin(), variables_.end());
  for (const auto root : all_roots)
    if (env_.roots.contains(root)) candidates.push_back(name_of(root));
  auto hint = did_you_mean(name, candidates);
  const auto keys = keys_of(type_of_schema(env_.input, env_.input));
  if (std::find(keys.begin(), keys.end(), name) != keys.end())
    hint = "did you mean 'input." + name + "'?";
  for (const auto& field : saga_fields)
    if (hint.empty() && field.name == name) hint = "did you mean 'saga." + name + "'?";
  if (hint.empty()) {
    for (const auto candidate : candidates)
      hint += (hint.empty() ? "known are " : ", ") + std::string(candidate);
  }
  problem("EXPR_UNKNOWN_REFERENCE", index, "there is no " + in_quotes(name), hint);
  return {};
}

/// x["name"] reads the same as x.name.
void Checker::normalise_key(Node& node) {
  if (node.op != Op::at && node.op != Op::at_optional) return;
  const auto* key = constant_text(program_.children(node)[1]);
  if (key == nullptr) return;
  program_.texts.emplace_back(key->text());
  node.index = static_cast<Index>(program_.texts.size() - 1);
  node.op = node.op == Op::at ? Op::select : Op::select_optional;
  node.count = 1;
}

bool Checker::is_root_name(Index index, Root root) const {
  return program_.nodes[index].op == Op::name && text_of(index) == name_of(root) &&
         std::find(variables_.begin(), variables_.end(), name_of(root)) == variables_.end();
}

std::optional<std::string> Checker::step_named(Index index) {
  normalise_key(node(index));
  if (node(index).op != Op::select || !is_root_name(child(index, 0), Root::steps))
    return std::nullopt;
  return text_of(index);
}

Type Checker::selection(Index index) {
  const auto of = child(index, 0);
  if (const auto step = step_named(of)) return step_member(index, *step);
  if (is_root_name(of, Root::saga)) return saga_member(index);
  for (const auto root : {Root::participants, Root::secrets})
    if (is_root_name(of, root)) return outside_member(index, root);
  if (is_root_name(of, Root::steps)) {
    if (allow(of, Root::steps) && known_step(index, text_of(index)) != nullptr)
      problem("EXPR_TYPE", index, "'steps." + text_of(index) + "' alone is no value",
              "write steps." + text_of(index) + ".output or steps." + text_of(index) + ".ran");
    return {};
  }
  return member(index, check(of), node(index).op == Op::select_optional);
}

const KnownStep* Checker::known_step(Index index, const std::string& step) {
  references_.steps.insert(step);
  const auto found = env_.steps.find(step);
  if (found != env_.steps.end()) return &found->second;
  std::vector<std::string_view> candidates;
  for (const auto& [id, known] : env_.steps) candidates.emplace_back(id);
  problem("EXPR_UNKNOWN_STEP", index, "there is no step " + in_quotes(step),
          did_you_mean(step, candidates));
  return nullptr;
}

Type Checker::step_member(Index index, const std::string& step) {
  const auto of = child(index, 0);
  const auto& what = text_of(index);
  if (!allow(child(of, 0), Root::steps)) return {};
  const auto* known = known_step(of, step);
  if (known == nullptr) return {};
  if (what != "output" && what != "ran") {
    static constexpr std::array<std::string_view, 2> members{"output", "ran"};
    const auto near = did_you_mean(what, members);
    problem("EXPR_UNKNOWN_REFERENCE", index, "a step has no " + in_quotes(what),
            near.empty() ? "it has output and ran" : near);
    return {};
  }
  auto& self = node(index);
  const bool optional = self.op == Op::select_optional;
  self = {.op = what == "ran" ? Op::step_ran : Op::step_output,
          .optional = optional && what == "output",
          .height = self.height,
          .offset = self.offset,
          .index = node(of).index};
  if (self.op == Op::step_ran) return {Kind::boolean};
  if (known->availability == StepAvailability::not_yet)
    problem("EXPR_UNKNOWN_STEP", index, "step " + in_quotes(step) + " has never run here",
            "read only steps that come before");
  else if (known->availability == StepAvailability::maybe_done && !optional)
    may_be_absent(index);
  auto type = type_of_schema(known->output, known->output);
  if (known->for_each) type = list_of(std::move(type));
  return optional ? optional_of(std::move(type)) : type;
}

Type Checker::saga_member(Index index) {
  const auto& name = text_of(index);
  if (!allow(child(index, 0), Root::saga)) return {};
  std::vector<std::string_view> candidates;
  for (const auto& field : saga_fields) {
    if (field.name != name) {
      candidates.push_back(field.name);
      continue;
    }
    node(index).op = field.op;
    return {field.kind};
  }
  const auto near = did_you_mean(name, candidates);
  problem("EXPR_UNKNOWN_REFERENCE", index, "saga has no " + in_quotes(name),
          near.empty() ? "it has id, businessKey, definition, version and now" : near);
  return {};
}

Type Checker::outside_member(Index index, Root root) {
  if (!allow(child(index, 0), root)) return {};
  const auto& name = text_of(index);
  (root == Root::secrets ? references_.secrets : references_.participants).insert(name);
  const auto& known = env_.participants;
  if (root == Root::participants && !known.empty() &&
      std::find(known.begin(), known.end(), name) == known.end()) {
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    problem("EXPR_UNKNOWN_REFERENCE", index, "there is no participant " + in_quotes(name),
            did_you_mean(name, candidates));
  }
  node(index).op = Op::outside;
  return {Kind::text};
}

Type Checker::member(Index index, const Type& operand, bool optional) {
  if (operand.kind == Kind::optional) return optional_of(member(index, element_of(operand), true));
  if (operand.kind != Kind::dyn && operand.kind != Kind::map) {
    problem("EXPR_TYPE", index,
            std::string(name_of(operand.kind)) + " has no " + in_quotes(text_of(index)));
    return {};
  }
  auto type = declared(index, operand, optional);
  return optional ? optional_of(std::move(type)) : type;
}

Type Checker::declared(Index index, const Type& operand, bool optional) {
  const auto property = property_of(operand, text_of(index));
  if (property.presence == Property::Presence::never) {
    const auto keys = keys_of(operand);
    const auto near = did_you_mean(text_of(index), keys);
    std::string all;
    for (const auto key : keys) all += (all.empty() ? "declared are " : ", ") + std::string(key);
    const auto path = path_of(program_, child(index, 0));
    problem("EXPR_UNKNOWN_REFERENCE", index,
            "there is no " + in_quotes(text_of(index)) +
                (path ? " in " + display(*path, variables_) : std::string()),
            near.empty() ? all : near);
  }
  if (optional) return property.type;
  if (may_be_null(child(index, 0)))
    may_be_absent(index, ", as nothing need have failed here");
  else if (property.presence == Property::Presence::maybe)
    may_be_absent(index);
  return property.type;
}

/// Whether the node is `error` where nothing need have failed.
bool Checker::may_be_null(Index index) const {
  return program_.nodes[index].op == Op::error && env_.error == ErrorAvailability::maybe_set &&
         !presence_.is_known(name_of(Root::error));
}

void Checker::may_be_absent(Index index, std::string_view because) {
  const auto path = path_of(program_, index);
  if (absence_allowed_ > 0 || (path && presence_.is_known(*path))) return;
  const auto shown = path ? display(*path, variables_) : text_of(index);
  const auto optional = path ? display(*path, variables_, true) : shown;
  problem("EXPR_MAY_BE_ABSENT", index, in_quotes(shown) + " may be absent" + std::string(because),
          "write " + optional + ".orValue(…), coalesce(" + shown + ", …), or has(" + shown +
              ") before it");
}

Type Checker::subscript(Index index) {
  normalise_key(node(index));
  if (node(index).op == Op::select || node(index).op == Op::select_optional)
    return selection(index);
  for (const auto root : {Root::steps, Root::saga, Root::participants, Root::secrets})
    if (is_root_name(child(index, 0), root)) {
      if (allow(child(index, 0), root))
        problem("EXPR_UNKNOWN_REFERENCE", index,
                "what is read from " + in_quotes(name_of(root)) + " must be named",
                "write the name itself");
      check(child(index, 1));
      return {};
    }
  const auto operand = check(child(index, 0));
  const auto key = check(child(index, 1));
  const bool optional = node(index).op == Op::at_optional || operand.kind == Kind::optional;
  const auto of = operand.kind == Kind::optional ? element_of(operand) : operand;
  if (!optional && may_be_null(child(index, 0)) && absence_allowed_ == 0)
    problem("EXPR_MAY_BE_ABSENT", index, "'error' may be null, as nothing need have failed here",
            "write error != null before it");
  const bool list = of.may_be(Kind::list), map = of.may_be(Kind::map);
  if (!(list && key.may_be(Kind::integer)) && !(map && key.may_be(Kind::text)))
    problem(
        "EXPR_TYPE", index,
        "there is no " + std::string(name_of(of.kind)) + "[" + std::string(name_of(key.kind)) + "]",
        "a list takes an int, a map a string");
  const auto type = element_of(of);
  return optional ? optional_of(type) : type;
}

Type Checker::has(Index index) {
  const auto what = child(index, 0);
  const auto before = problems_.size();
  normalise_key(node(what));
  if (node(what).op != Op::select)
    return misused(index, "has(input.name), with a name to look for at the end");
  const auto step = step_named(child(what, 0));
  ++absence_allowed_;
  if (step) {
    check(what);
  } else {
    // Whether the last name is there is the question; those before must be.
    --absence_allowed_;
    const auto operand = check(child(what, 0));
    ++absence_allowed_;
    member(what, operand, false);
  }
  --absence_allowed_;
  const auto op = node(what).op;
  if (op == Op::select || (op == Op::step_output && !node(what).optional)) {
    node(index).op = Op::has;
    return {Kind::boolean};
  }
  if (problems_.size() > before) return {Kind::boolean};
  return misused(index, "has(input.name) or has(steps.<id>.output)");
}

}  // namespace skald::expr
