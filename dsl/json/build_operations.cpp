#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dsl/json/builder.hpp"
#include "dsl/json/http_words.hpp"
#include "engine/model/http_rules.hpp"

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
  if (const auto why = wrong_literals(path); !why.empty())
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

/// Headers that cannot be sent are told here, at their place, and left out: so the check of the
/// model does not tell them once more.
void Builder::headers(Fields& fields, HttpTarget& target) {
  const Node* headers = fields.object("headers");
  if (headers == nullptr) return;
  std::vector<const Member*> given;
  for (const auto& each : *headers->object()) {
    const auto* value = text_of(each.value, "the value of a header", report_);
    given.push_back(&each);
    target.headers.push_back({each.key, value == nullptr ? "" : *value});
  }
  std::vector<bool> wrong(given.size(), false);
  for (const auto& fault : header_faults(target.headers)) {
    const Member& header = *given[fault.index];
    wrong[fault.index] = true;
    const std::string why = "the header '" + shown(header.key) + "' cannot be sent: " + fault.why;
    if (fault.in_value)
      report_.add(*header.value.place, why, "HEADER");
    else
      report_.add_at_key(*header.value.place, why, "HEADER");
  }
  for (std::size_t i = given.size(); i-- > 0;)
    if (wrong[i] || !header_value(*given[i]))
      target.headers.erase(target.headers.begin() + static_cast<std::ptrdiff_t>(i));
  std::sort(target.headers.begin(), target.headers.end(),
            [](const Header& a, const Header& b) { return a.name < b.name; });
}

/// Whether a value that could be sent is one that a document should hold.
bool Builder::header_value(const Member& header) {
  const auto* value = header.value.text();
  if (value == nullptr) return false;
  if (!is_ascii(*value))
    report_.add(*header.value.place,
                "the value of '" + shown(header.key) + "' is not ASCII; percent-encode it",
                "HEADER");
  else if (sounds_secret(header.key) && value->find("${secrets.") == value->npos)
    report_.add(*header.value.place,
                "a secret is written out here; write \"${secrets.NAME}\" and configure it, so "
                "that it is never stored",
                "SECRET_INLINE");
  else
    return true;
  return false;
}

/// False: it cannot be read.
bool Builder::status_of(Fields& rule, std::string& status) {
  status = rule.text("status").value_or("");
  if (!rule.has("status") || is_status_range(status)) return true;
  if (!status.empty())
    report_.add(*rule.find("status")->place,
                "'" + shown(status) + "' is no status: write \"409\", \"4xx\" or \"200-204\"",
                "ANSWER");
  status.clear();
  return false;
}

void Builder::outcomes(Fields& fields, Operation& made, StepIndex step, Phase phase) {
  const auto* rules = fields.list("outcomes");
  if (rules == nullptr) return;
  for (const auto& node : *rules) {
    Fields rule(node, "an outcome rule", rule_keys, report_);
    OutcomeRule& kept = made.outcomes.emplace_back();
    kept.where = where(*node.place, node.place->value);
    // A rule that cannot be read counts as one that takes some answers, and nobody knows which.
    const Guard unread{kept.where, {}, false};
    if (!status_of(rule, kept.status)) kept.when = unread;
    rule.require("as", "what the answer means");
    if (const auto word = rule.word("as", outcomes_as))
      kept.as = static_cast<OutcomeRule::As>(*word);
    kept.name = rule.text("name").value_or("");
    if (!kept.name.empty())
      (void)check_name(kept.name, "an outcome", *rule.find("name")->place, report_);
    const Node* when = rule.find("when");
    if (when == nullptr && !rule.has("status") && node.object() != nullptr) {
      report_.add(*node.place, "an outcome rule has 'status', 'when' or both", "MISSING_KEY");
      kept.when = unread;
    }
    if (when == nullptr) continue;
    later([this, when, step, phase, unread, index = made.outcomes.size() - 1] {
      Done done;
      Scope scope = scope_of_step(step, done, phase);
      scope.roots.insert(expr::Root::event);
      const auto guard = expressions_->guard(*when, scope);
      auto& kept_when = operation_at(step, phase).outcomes[index].when;
      if (!kept_when) kept_when = guard.value_or(unread);
    });
  }
}

}  // namespace skald::document
