#pragma once

#include <string>

#include "http/api/api.hpp"
#include "http/api/problem_of.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// What a client or operator wants to happen to a saga.
struct Acting {
  Event event;
  std::string idempotency_key;  ///< of this saga; empty: none
  /// Where the engine looks for what the body of the request is: findings below it are told by
  /// their place in the body.
  std::string body_is{};
  std::optional<std::int64_t> if_revision{};  ///< only if the saga is at this one
};

/// Lets it happen, and answers from the agenda: with the saga as it is then, or with the refusal
/// and the actions that are allowed instead.
void act_on(const ApiParts& parts, const SagaId& id, Acting acting, Respond respond);

/// The refusal of something that was to happen to the saga; with the actions that are allowed, when
/// it was not.
[[nodiscard]] Problem refusal_of(const ApiParts& parts, const SagaId& id, const Error& error);

}  // namespace skald::http
