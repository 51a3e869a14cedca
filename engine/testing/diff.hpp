#pragma once

#include <string>
#include <vector>

namespace skald::testing {

/// The two lists line by line, "  " before what both have, "- " before what was only expected and
/// "+ " before what only happened: the fewest changes from one to the other.
[[nodiscard]] std::string difference(const std::vector<std::string>& expected,
                                     const std::vector<std::string>& actual);

}  // namespace skald::testing
