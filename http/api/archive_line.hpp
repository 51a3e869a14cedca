#pragma once

#include <string>

#include "engine/model/registry.hpp"
#include "engine/orchestrator/store.hpp"

namespace skald::http {

/// All that is known of a saga, as one line of JSON: {"saga": as GET /v1/sagas/{id} shows it,
/// "events": its whole history}.
[[nodiscard]] Result<std::string> archive_line(const Registry& definitions, StoreReader& reader,
                                               const SagaRow& row);

}  // namespace skald::http
