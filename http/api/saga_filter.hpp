#pragma once

#include <vector>

#include "engine/model/saga.hpp"
#include "http/api/query.hpp"

namespace skald::http {

/// The statuses that a query asks for, with `status` (a list) or `stuck=true`; empty: all.
[[nodiscard]] std::vector<Status> statuses_in(Query& query);

}  // namespace skald::http
