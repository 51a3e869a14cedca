#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dsl/json/builder.hpp"
#include "dsl/json/http_words.hpp"

namespace skald::document {

namespace {

constexpr std::array<std::string_view, 4> targets{"http", "function", "publish", "saga"};
constexpr std::array<std::string_view, 6> http_keys{"http",    "address",  "body",
                                                    "headers", "outcomes", "name"};
constexpr std::array<std::string_view, 3> function_keys{"function", "body", "name"};
constexpr std::array<std::string_view, 4> publish_keys{"publish", "key", "body", "name"};
constexpr std::array<std::string_view, 4> saga_keys{"saga", "version", "input", "name"};
constexpr std::array<std::string_view, 4> rule_keys{"status", "when", "as", "name"};
constexpr std::array<std::string_view, 4> outcomes_as{"done", "failed", "unknown", "pending"};

Words keys_of(std::string_view target) {
  if (target == "function") return function_keys;
  if (target == "publish") return publish_keys;
  if (target == "saga") return saga_keys;
  return http_keys;
}

}  // namespace

Operation& Builder::operation_at(StepIndex step, Phase phase) {
  Step& made = d_.steps[number(step)];
  return phase == Phase::forward ? made.call : phase == Phase::undo ? *made.undo : *made.probe;
}

/// Compiles `node` into the field of the operation, when all is known.
void Builder::value_of_step(const Node* node, StepIndex step, Phase phase,
                            Value Operation::*field) {
  if (node == nullptr) return;
  later([this, node, step, phase, field] {
    Done done;
    const Scope scope = scope_of_step(step, done, phase);
    operation_at(step, phase).*field = expressions_->value(*node, scope);
  });
}

Operation Builder::operation(const Node& node, const std::string& name, StepIndex step,
                             Phase phase) {
  Operation made{.name = name};
  std::vector<std::string_view> given;
  for (const auto key : targets)
    if (node.find(key) != nullptr) given.push_back(key);
  if (given.size() != 1) {
    report_.add(*node.place,
                node.object() == nullptr
                    ? "what a step does is an object with one of " + one_of(targets)
                    : "what a step does has one of " + one_of(targets),
                node.object() == nullptr ? "TYPE" : "TARGET");
    return made;
  }
  Fields fields(node, "'" + std::string(given.front()) + "'", keys_of(given.front()), report_);
  if (const auto other = fields.text("name")) made.name = *other;
  target(fields, given.front(), made, step, phase);
  value_of_step(node.find(given.front() == "saga" ? "input" : "body"), step, phase,
                &Operation::body);
  return made;
}

void Builder::target(Fields& fields, std::string_view kind, Operation& made, StepIndex step,
                     Phase phase) {
  const auto text = fields.text(kind);
  if (kind == "function") {
    function(*fields.find(kind), text.value_or(""), made);
  } else if (kind == "publish") {
    made.target = PublishTarget{text.value_or("")};
    if (text) (void)check_name(*text, "a topic", *fields.find(kind)->place, report_);
    value_of_step(fields.find("key"), step, phase, &Operation::address);
  } else if (kind == "saga") {
    made.target =
        ChildTarget{text.value_or(""), fields.whole("version", 1, 2'000'000'000).value_or(0)};
    if (text) (void)check_name(*text, "a saga", *fields.find(kind)->place, report_);
  } else {
    made.target = HttpTarget{};
    if (text) http(fields, *text, made, step, phase);
    headers(fields, std::get<HttpTarget>(made.target));
    outcomes(fields, made, step, phase);
  }
}

void Builder::function(const Node& node, const std::string& name, Operation& made) {
  const auto& functions = options_.natives.functions;
  const auto known = functions.find(name);
  made.target = FunctionTarget{known == functions.end() ? nullptr : known->second, name};
  if (known != functions.end() || name.empty()) return;
  std::vector<std::string_view> names;
  for (const auto& [each, function] : functions) names.push_back(each);
  report_.add(*node.place,
              "no C++ function is called '" + shown(name) + "'" + suggestion(name, names),
              "UNKNOWN_FUNCTION");
}

/// "POST ${participants.accounts}/debits/${input.id}"
void Builder::http(Fields& fields, const std::string& text, Operation& made, StepIndex step,
                   Phase phase) {
  const Node& node = *fields.find("http");
  const auto request = parse_request(text);
  if (!request) {
    report_.add(*node.place,
                "a request is written \"POST ${participants.NAME}/path\": a method, a configured "
                "participant and a path",
                "HTTP");
    return;
  }
  auto& target = std::get<HttpTarget>(made.target);
  target.method = request->method;
  target.participant = request->participant;
  const auto& known = options_.participants;
  if (known && !known->contains(target.participant))
    report_.add(*node.place,
                "no participant '" + shown(target.participant) + "' is configured" +
                    suggestion(target.participant, *known),
                "UNKNOWN_PARTICIPANT");
  const std::string path = text.substr(request->path);
  if (const Node* address = fields.find("address")) {
    if (!path.empty())
      report_.add(*node.place, "the path stands here or under 'address', not in both", "HTTP");
    return value_of_step(address, step, phase, &Operation::address);
  }
  if (const auto why = wrong_path(path); !why.empty())
    return report_.add(*node.place, "the path '" + shown(path) + "' " + why, "HTTP");
  if (path.find("${") == path.npos) {
    target.path = path;
    return;
  }
  later([this, &node, from = request->path, step, phase] {
    Done done;
    const Scope scope = scope_of_step(step, done, phase);
    operation_at(step, phase).address = expressions_->path(node, from, scope);
  });
}

void Builder::headers(Fields& fields, HttpTarget& target) {
  const Node* headers = fields.object("headers");
  if (headers == nullptr) return;
  for (const auto& each : *headers->object()) {
    const auto* value = text_of(each.value, "the value of a header", report_);
    if (const auto why = wrong_header_name(each.key); !why.empty())
      report_.add_at_key(*each.value.place, "the header '" + shown(each.key) + "' " + why,
                         "HEADER");
    if (value == nullptr) continue;
    if (const auto why = wrong_header_value(*value); !why.empty())
      report_.add(*each.value.place, "the value of '" + shown(each.key) + "' " + why, "HEADER");
    else if (is_secret_name(each.key) && value->find("${secrets.") == value->npos)
      report_.add(*each.value.place,
                  "a secret is written out here; write \"${secrets.NAME}\" and configure it, so "
                  "that it is never stored",
                  "SECRET_INLINE");
    target.headers.push_back({each.key, *value});
  }
  std::sort(target.headers.begin(), target.headers.end(),
            [](const Header& a, const Header& b) { return a.name < b.name; });
}

void Builder::outcomes(Fields& fields, Operation& made, StepIndex step, Phase phase) {
  const auto* rules = fields.list("outcomes");
  if (rules == nullptr) return;
  for (const auto& node : *rules) {
    Fields rule(node, "an outcome rule", rule_keys, report_);
    OutcomeRule& kept = made.outcomes.emplace_back();
    kept.status = rule.text("status").value_or("");
    if (!kept.status.empty() && !is_status_range(kept.status))
      report_.add(*rule.find("status")->place,
                  "'" + shown(kept.status) +
                      "' is no status: write \"409\", \"4xx\" or "
                      "\"200-204\"",
                  "ANSWER");
    rule.require("as", "what the answer means");
    if (const auto word = rule.word("as", outcomes_as))
      kept.as = static_cast<OutcomeRule::As>(*word);
    kept.name = rule.text("name").value_or("");
    if (!kept.name.empty())
      (void)check_name(kept.name, "an outcome", *rule.find("name")->place, report_);
    const Node* when = rule.find("when");
    if (when == nullptr && kept.status.empty() && node.object() != nullptr)
      report_.add(*node.place, "an outcome rule has 'status', 'when' or both", "MISSING_KEY");
    if (when == nullptr) continue;
    later([this, when, step, phase, index = made.outcomes.size() - 1] {
      Done done;
      Scope scope = scope_of_step(step, done, phase);
      scope.roots.insert(expr::Root::event);
      operation_at(step, phase).outcomes[index].when = expressions_->guard(*when, scope);
    });
  }
}

}  // namespace skald::document
