#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "dsl/sml/functions.hpp"
#include "dsl/sml/guards.hpp"

namespace skald::sml {

/// How an answer counts, see operation::on_status.
using as = OutcomeRule::As;

/// Describes one thing a participant can do. A step's id is the name of the operation it calls.
///
///     const auto debit = operation("debit").post("accounts", "/debits").body(debit_body)
///                            .raises<account_debited, account_debit_failed>();
class operation {
 public:
  explicit operation(std::string name) {
    spec_.done_event.name = name + ".done";
    spec_.failed_event.name = name + ".failed";
    spec_.operation.name = std::move(name);
  }

  /// Reached over HTTP at `path` (origin-form) of the configured participant; without a path,
  /// path(…) makes it.
  operation http(std::string method, std::string participant, std::string path = {}) const {
    return with(HttpTarget{std::move(participant), std::move(method), std::move(path), {}});
  }
  operation get(std::string participant, std::string path = {}) const {
    return http("GET", std::move(participant), std::move(path));
  }
  operation post(std::string participant, std::string path = {}) const {
    return http("POST", std::move(participant), std::move(path));
  }
  operation put(std::string participant, std::string path = {}) const {
    return http("PUT", std::move(participant), std::move(path));
  }
  operation patch(std::string participant, std::string path = {}) const {
    return http("PATCH", std::move(participant), std::move(path));
  }
  operation del(std::string participant, std::string path = {}) const {
    return http("DELETE", std::move(participant), std::move(path));
  }
  /// Makes the path from the saga: a pure function of `const SagaView&` that gives text.
  template <class F>
  operation path(F make) const {
    return addressed(value_of(std::move(make)));
  }
  /// A request header; `${secrets.NAME}` in it is filled in when the request is sent.
  operation header(std::string name, std::string value) const {
    operation copy = *this;
    if (auto* http = std::get_if<HttpTarget>(&copy.spec_.operation.target))
      http->headers.push_back({std::move(name), std::move(value)});
    return copy;
  }

  /// Runs a C++ function in this process; see FunctionTarget for what it must observe. It takes
  /// `const Invocation&`, or `const In&` (the body, by from_json) and maybe `const Invocation&`
  /// after it; it gives an Outcome, an `answer<Out>`, or an Out (by to_json).
  template <class F>
  operation run(F function) const {
    return with(FunctionTarget{function_of(std::move(function)), {}});
  }

  /// Starts a saga of its own with the body as its input; version 0 is the newest.
  operation child(std::string definition, std::uint32_t version = 0) const {
    return with(ChildTarget{std::move(definition), version});
  }

  /// Sends the body to the sagas that declare the signal `topic`; see key().
  operation publish(std::string topic) const { return with(PublishTarget{std::move(topic)}); }
  /// Only to those whose correlation key is what `make` gives.
  template <class F>
  operation key(F make) const {
    return addressed(value_of(std::move(make)));
  }

  /// Makes the request body from the saga; a pure function of `const SagaView&` that gives JSON or
  /// anything to_json knows.
  template <class F>
  operation body(F make) const {
    operation copy = *this;
    copy.spec_.operation.body = value_of(std::move(make));
    return copy;
  }

  /// The event types that stand for "it took effect" and "it was refused" in the table. Without
  /// them: done(operation) and failed(operation).
  template <class Done, class Failed>
  operation raises() const {
    operation copy = *this;
    copy.spec_.done_event = {std::string(event_name<Done>()), tag_of<Done>()};
    copy.spec_.failed_event = {std::string(event_name<Failed>()), tag_of<Failed>()};
    return copy;
  }
  /// Raises E instead, when the outcome has this name or the refusal this code.
  template <class E>
  operation outcome(std::string name) const {
    operation copy = *this;
    copy.spec_.outcome_events.emplace_back(std::move(name),
                                           EventSpec{std::string(event_name<E>()), tag_of<E>()});
    return copy;
  }

  /// Takes an answer for something else than the wire contract says: `on_status("404", as::done,
  /// "was_gone")`. The first rule that fits counts; `name` makes it a named outcome.
  operation on_status(std::string status, as what, std::string name = {}) const {
    operation copy = *this;
    copy.spec_.operation.outcomes.push_back(
        {.status = std::move(status), .when = {}, .as = what, .name = std::move(name)});
    return copy;
  }
  /// The same where `holds`, a pure function of the answer's body, is true as well.
  template <class F>
  operation on_status(std::string status, as what, std::string name,
                      const named_guard<F>& holds) const {
    operation copy = on_status(std::move(status), what, std::move(name));
    const auto bound = bind_guard<no_event>(holds);
    static_assert(std::is_same_v<typename decltype(bound)::needs_type, needs<>>,
                  "skald: an outcome rule sees the saga and the answer, and no dependency");
    copy.spec_.operation.outcomes.back().when = guard_of_saga(bound.spec);
    return copy;
  }

  [[nodiscard]] const OperationSpec& spec() const { return spec_; }

 private:
  template <class Target>
  operation with(Target target) const {
    operation copy = *this;
    copy.spec_.operation.target = std::move(target);
    return copy;
  }
  operation addressed(Value value) const {
    operation copy = *this;
    copy.spec_.operation.address = std::move(value);
    return copy;
  }

  OperationSpec spec_;
};

}  // namespace skald::sml
