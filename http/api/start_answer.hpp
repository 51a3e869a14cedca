#pragma once

#include "http/api/api.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// Shows a saga that was started, as it is now: 201 when it has ended, 202 while it goes on, 200
/// for a repetition.
[[nodiscard]] Response started_response(const ApiParts& parts, const Started& started);

/// Starts, and answers when that is durable, or with `Prefer: wait=N` at the saga's end.
void start_and_answer(const ApiParts& parts, const Request& request, StartRequest start,
                      Respond respond);

}  // namespace skald::http
