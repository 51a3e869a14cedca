#pragma once

#include <string>

#include "engine/model/saga.hpp"

namespace skald {

/// The stored form of an instance: one JSON object, with names instead of indices, so that a saga
/// stored by one build resumes in the next. Readable with the sqlite3 shell.
[[nodiscard]] std::string encode_instance(const Definition& definition, const Instance& instance);

/// Reads what encode_instance wrote. Refuses, naming what is wrong, when the text is damaged or
/// names a state or step that `definition` does not have.
[[nodiscard]] Result<Instance> decode_instance(const Definition& definition, std::string_view text);

}  // namespace skald
