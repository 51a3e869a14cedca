#include "engine/orchestrator/inner_calls.hpp"

#include <nlohmann/json.hpp>

#include "engine/core/input.hpp"
#include "engine/orchestrator/start_check.hpp"
#include "engine/orchestrator/stored_instance.hpp"

namespace skald {

namespace {

using nlohmann::json;

constexpr const char* undone_with_parent = "the saga it runs for is unwound";

/// What was refused before it began had no effect; anything else may still come.
Outcome outcome_of(const Error& error) {
  std::string why = error.message;
  for (const auto& finding : error.findings) why += " " + finding.where + ": " + finding.why + ".";
  switch (error.code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::id_conflict:
      return Failed{"child_refused", why, true, {}};
    default:
      return Unknown{.reason = why, .retry_after = {}, .possibly_executed = false};
  }
}

/// How the call of a child ends, from how the child ended.
Outcome forward_outcome(const SagaRow& row, const Result<StoredSaga>& child) {
  if (!child) return Unknown{child.error().message, {}};
  const Instance& saga = child->instance;
  if (row.status == Status::completed) return Done{saga.output};
  const std::string status(name_of(row.status));
  const std::string why = "the child '" + row.id.value + "' ended as " + status;
  // An operator has left something standing there: to say it had no effect would be a lie.
  if (row.status == Status::terminated) return Unknown{why, {}};
  json details{{"saga", row.id.value}, {"status", status}};
  if (!saga.error.is_null()) details["error"] = saga.error.value();
  return Failed{"child_" + status, why, false, Json(details)};
}

Outcome undo_outcome(const SagaRow& row) {
  const std::string status(name_of(row.status));
  if (row.status != Status::completed && row.status != Status::terminated) return Done{};
  return Failed{"child_" + status, "the child '" + row.id.value + "' is " + status, false, {}};
}

}  // namespace

bool InnerCalls::handles(const Operation& operation) {
  return std::holds_alternative<ChildTarget>(operation.target) ||
         std::holds_alternative<PublishTarget>(operation.target);
}

void InnerCalls::invoke(const Operation& operation, Invocation invocation, ChildCall child,
                        OnOutcome on_outcome) {
  if (const auto* target = std::get_if<PublishTarget>(&operation.target))
    return publish(*target, std::move(invocation), std::move(on_outcome));
  if (invocation.phase == Phase::undo) return undo(child.child, on_outcome);
  start(std::get<ChildTarget>(operation.target), std::move(invocation), std::move(child),
        on_outcome);
}

void InnerCalls::publish(const PublishTarget& target, Invocation invocation, OnOutcome on_outcome) {
  Publication publication{target.topic, std::move(invocation.address), std::move(invocation.body),
                          std::move(invocation.idempotency_key)};
  const auto answer = [on_outcome = std::move(on_outcome)](const Result<Published>& published) {
    if (!published) return on_outcome(outcome_of(published.error()));
    on_outcome(
        Done{Json(json{{"delivered", published->delivered}, {"refused", published->refused}})});
  };
  static_cast<void>(inbox_.push(PublishCommand{std::move(publication), answer}, false));
}

void InnerCalls::start(const ChildTarget& target, Invocation invocation, ChildCall child,
                       const OnOutcome& on_outcome) {
  StartRequest request{.definition = definitions_.find(target.definition, target.version),
                       .version_asked = target.version,
                       .id = child.child,
                       .input = std::move(invocation.body),
                       .parent = std::move(child.parent)};
  if (!request.definition)
    return on_outcome(Failed{
        "child_refused", "the definition '" + target.definition + "' is not registered", true, {}});
  if (request.input.is_null()) request.input = Json(json::object());
  if (auto findings = check_input(*request.definition, request.input, "/input"); !findings.empty())
    return on_outcome(outcome_of({ErrorCode::invalid_argument,
                                  "The child cannot be started like this.",
                                  {},
                                  std::move(findings)}));
  const auto answer = [this, child, on_outcome](const Result<Started>& started) {
    if (!started) return on_outcome(outcome_of(started.error()));
    if (child.stopping) stop_child(child.child);
    when_ended(child.child, [this, on_outcome](const Result<SagaRow>& row) {
      if (!row) return on_outcome(Unknown{row.error().message, {}});
      on_outcome(forward_outcome(*row, read_saga(definitions_, reader_, *row)));
    });
  };
  static_cast<void>(inbox_.push(StartCommand{completed(std::move(request)), answer}, false));
}

void InnerCalls::stop_child(const SagaId& child) {
  const auto ignored = [](const Result<void>&) {};  // its end is awaited, however it comes
  static_cast<void>(inbox_.push(UndoChildCommand{child, undone_with_parent, ignored}, false));
}

void InnerCalls::undo(const SagaId& child, const OnOutcome& on_outcome) {
  const auto answer = [this, child, on_outcome](const Result<void>& asked) {
    if (!asked && asked.error().code == ErrorCode::action_not_allowed)
      return on_outcome(Failed{"child_not_undone", asked.error().message, false, {}});
    if (!asked) return on_outcome(Unknown{asked.error().message, {}});
    when_ended(child, [on_outcome](const Result<SagaRow>& row) {
      // A child that was never started has nothing to undo.
      if (!row && row.error().code == ErrorCode::not_found) return on_outcome(Done{});
      on_outcome(row ? undo_outcome(*row) : Outcome(Unknown{row.error().message, {}}));
    });
  };
  static_cast<void>(inbox_.push(UndoChildCommand{child, undone_with_parent, answer}, false));
}

void InnerCalls::when_ended(const SagaId& child, std::function<void(Result<SagaRow>)> then) {
  const auto ended = [this, child, then = std::move(then)] {
    const auto row = reader_.find(child);
    if (!row) return then(row.error());
    if (!*row) return then(Error{ErrorCode::not_found, "There is no such saga.", {}, {}});
    then(**row);
  };
  static_cast<void>(inbox_.push(WatchCommand{WatchId{}, child, ended}, false));
}

}  // namespace skald
