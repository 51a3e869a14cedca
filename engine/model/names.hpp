#pragma once

#include <string_view>

namespace skald {

/// What is_name() asks for, for a person.
inline constexpr std::string_view name_rule =
    "1 to 128 letters, digits, '.', '_', '-' or ':', the first a letter or digit";

/// Whether `text` can name a saga, state, step, event or signal: a name stands in documents,
/// addresses and stored sagas alike.
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace skald
