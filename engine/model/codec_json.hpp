#pragma once

#include <string_view>

#include "engine/model/saga.hpp"

namespace skald {

/// Reads the older form of a record: one JSON object with everything in it, as programs before
/// schema version 3 wrote it. Throws std::exception when it is damaged; the text says what.
[[nodiscard]] Instance decode_json_instance(const Definition& definition, std::string_view text);

}  // namespace skald
