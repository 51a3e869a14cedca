#pragma once

#include <string>
#include <string_view>

namespace skald::http {

/// One event of a text/event-stream. `data` is one line, such as JSON without line ends.
[[nodiscard]] std::string sse_event(std::string_view name, std::string_view id,
                                    std::string_view data);

/// What keeps the way open while nothing happens: a comment, and the newest id, so that a client
/// that comes back does not ask for changes that were none of its own.
[[nodiscard]] std::string sse_heartbeat(std::string_view id);

}  // namespace skald::http
