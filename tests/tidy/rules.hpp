#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/tidy/source.hpp"

namespace skald::tidy {

/// The project as the rules see it.
struct Tree {
  std::vector<File> files;             ///< every text file, except generated and ignored ones
  std::set<std::string> paths;         ///< every file and folder, relative to the root
  std::vector<std::string> top_level;  ///< names at the root, as far as git tracks them
};

// Rules for one C++ file. Each returns what is wrong and what would be right.

/// Includes follow the direction of the design (README.md, "layout"), are written from the root,
/// and third-party headers stay behind our own types.
[[nodiscard]] Findings check_includes(const Source& source);

/// At most 500 lines, 70 lines per function (120 per test case), 100 columns.
[[nodiscard]] Findings check_functions(const Source& source);

/// Clocks, randomness, sleeping, output and ownership only in their one place.
[[nodiscard]] Findings check_calls(const Source& source);

/// A header begins with #pragma once and opens no namespace for those who include it.
[[nodiscard]] Findings check_header(const Source& source);

// Rules for one text file of any kind.

[[nodiscard]] Findings check_lengths(const File& file);

/// No postponed work, and the words of the design instead of their synonyms.
[[nodiscard]] Findings check_words(const File& file);

/// No sleeping in Python: tests wait for a condition.
[[nodiscard]] Findings check_python(const File& file);

// Rules for the project as a whole.

/// Beast and Asio cost seconds of compile time per file: few files may include them.
[[nodiscard]] Findings check_network_files(const std::vector<Source>& sources);

/// Every .cpp is compiled: a CMakeLists.txt of its folder or of one above names it.
[[nodiscard]] Findings check_build_lists(const Tree& tree);

/// Every relative link of a document leads to a file, and so does every path in a table of a
/// README.
[[nodiscard]] Findings check_links(const Tree& tree);

/// The root holds the agreed names only.
[[nodiscard]] Findings check_top_level(const Tree& tree);

}  // namespace skald::tidy
