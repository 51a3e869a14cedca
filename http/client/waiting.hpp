#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>

#include "http/client/session.hpp"

namespace skald::client {

/// Prints one saga: a line on a terminal, else what the API says.
void show_saga(Session& session, const nlohmann::ordered_json& saga);

/// Waits until `saga` has ended, at most `patience`, prints it, and tells how it ended.
[[nodiscard]] Exit wait_for_end(Session& session, nlohmann::ordered_json saga,
                                std::chrono::seconds patience);

}  // namespace skald::client
