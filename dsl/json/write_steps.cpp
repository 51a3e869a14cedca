#include <nlohmann/json.hpp>

#include "dsl/json/show.hpp"
#include "dsl/json/writer.hpp"

namespace skald::document {

using nlohmann::json;

json written(const RetryPolicy& policy) {
  const RetryPolicy plain;
  json out = json::object();
  const auto span = [&](const char* key, Duration value, Duration otherwise) {
    if (value != otherwise) out[key] = duration_text(value);
  };
  if (policy.attempts != plain.attempts) out["attempts"] = policy.attempts;
  span("first", policy.first, plain.first);
  if (policy.factor != plain.factor) out["factor"] = policy.factor;
  span("max", policy.max, std::max(plain.max, policy.first));
  if (policy.jitter != plain.jitter) out["jitter"] = policy.jitter;
  span("patience", policy.patience, plain.patience);
  span("step", policy.step, plain.step);
  span("maxElapsed", policy.max_elapsed, plain.max_elapsed);
  for (const auto wait : policy.redelivery) out["redelivery"].push_back(duration_text(wait));
  if (!policy.retry_on.empty()) out["retryOn"] = policy.retry_on;
  if (!policy.fail_on.empty()) out["failOn"] = policy.fail_on;
  return out;
}

std::string function_name(const FunctionTarget& target, const std::string& place) {
  return target.name.empty() ? place : target.name;
}

json Writer::step(const Step& step) const {
  json out{{"call", operation(step.call, step.id, step.id + ".call")}};
  if (step.undo) out["undo"] = operation(*step.undo, step.id + ".undo", step.id + ".undo");
  if (step.probe) out["probe"] = operation(*step.probe, step.id + ".probe", step.id + ".probe");
  if (step.kind != StepKind::compensatable) out["kind"] = name_of(step.kind);
  if (!step.no_undo_reason.empty()) out["noUndo"] = step.no_undo_reason;
  const Step plain;
  if (step.timeout != plain.timeout) out["timeout"] = duration_text(step.timeout);
  if (step.retry != plain.retry) out["retry"] = written(step.retry);
  if (step.undo_retry != default_undo_retry) out["undoRetry"] = written(step.undo_retry);
  if (step.for_each) {
    out["forEach"] = written(step.for_each->items, step.id + ".forEach");
    if (step.for_each->concurrency != 1) out["concurrency"] = step.for_each->concurrency;
  }
  for (const StepIndex other : step.depends_on) out["dependsOn"].push_back(d_.at(other).id);
  if (out.contains("dependsOn")) std::sort(out["dependsOn"].begin(), out["dependsOn"].end());
  outcomes_of_step(step, out);
  return out;
}

void Writer::outcomes_of_step(const Step& step, json& out) const {
  if (d_.at(step.done_event) != step.id + ".done") out["done"] = d_.at(step.done_event);
  if (d_.at(step.failed_event) != step.id + ".failed") out["failed"] = d_.at(step.failed_event);
  for (const auto& [name, event] : step.outcome_events) out["events"][name] = d_.at(event);
  if (step.on_exhausted.then == OnExhausted::Then::park) out["onExhausted"] = "park";
  if (step.on_exhausted.then == OnExhausted::Then::go_to && step.on_exhausted.target)
    out["onExhausted"] = {{"goto", d_.at(*step.on_exhausted.target).name}};
}

json Writer::operation(const Operation& operation, const std::string& name,
                       const std::string& place) const {
  static constexpr const char* outcomes[] = {"done", "failed", "unknown", "pending"};
  json out = json::object();
  if (operation.name != name) out["name"] = operation.name;
  target(operation, place, out);
  const bool child = std::holds_alternative<ChildTarget>(operation.target);
  if (operation.body) out[child ? "input" : "body"] = written(operation.body, place + ".body");
  for (const auto& rule : operation.outcomes) {
    json made{{"as", outcomes[static_cast<int>(rule.as)]}};
    if (!rule.status.empty()) made["status"] = rule.status;
    if (rule.when) made["when"] = written(*rule.when);
    if (!rule.name.empty()) made["name"] = rule.name;
    out["outcomes"].push_back(std::move(made));
  }
  return out;
}

void Writer::target(const Operation& operation, const std::string& place, json& out) const {
  if (const auto* function = std::get_if<FunctionTarget>(&operation.target)) {
    out["function"] = function_name(*function, place);
  } else if (const auto* child = std::get_if<ChildTarget>(&operation.target)) {
    out["saga"] = child->definition;
    if (child->version != 0) out["version"] = child->version;
  } else if (const auto* publish = std::get_if<PublishTarget>(&operation.target)) {
    out["publish"] = publish->topic;
    if (operation.address) out["key"] = written(operation.address, place + ".address");
  } else if (const auto* http = std::get_if<HttpTarget>(&operation.target)) {
    std::string request = http->method + " ${participants." + http->participant + "}" + http->path;
    const json& address = operation.address.source.value();
    if (address.is_string())
      request += address.get<std::string>();
    else if (operation.address)
      out["address"] = written(operation.address, place + ".address");
    out["http"] = request;
    for (const auto& header : http->headers) out["headers"][header.name] = header.value;
  }
}

}  // namespace skald::document
