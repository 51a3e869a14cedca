#pragma once

#include <string>

#include "tests/tidy/rules.hpp"

namespace skald::tidy {

/// Reads the project at `root`. Skips what is generated or not ours: build folders, .git, caches,
/// node_modules. The names at the root are those git tracks; without git (an unpacked archive), all
/// that are present.
[[nodiscard]] Tree read_tree(const std::string& root);

}  // namespace skald::tidy
