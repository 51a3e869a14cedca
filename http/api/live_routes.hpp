#pragma once

#include "http/api/api.hpp"
#include "http/server/router.hpp"

/// The handlers that tell what moves.
namespace skald::http {

/// GET /v1/stream: Server-Sent Events, as long as the client stays.
void stream_changes(const ApiParts& parts, const Request& request, const Respond& respond);

/// GET /v1/changes: the same by long polls.
void poll_changes(const ApiParts& parts, const Request& request, const Respond& respond);

}  // namespace skald::http
