#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace skald::client {

/// A script that completes the commands and options of `app` in this shell: bash, zsh or fish.
/// None for another one.
[[nodiscard]] std::optional<std::string> completion_script(const CLI::App& app,
                                                           std::string_view shell);

}  // namespace skald::client
