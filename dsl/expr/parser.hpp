#pragma once

#include <string_view>
#include <vector>

#include "dsl/expr/problem.hpp"
#include "dsl/expr/program.hpp"

namespace skald::expr {

/// Parses all of `text`, which must be UTF-8, into `program`. Adds what is wrong to `problems`:
/// at most one thing, because what follows a syntax error means nothing. Then the program is of no
/// use.
void parse(std::string_view text, Program& program, std::vector<Problem>& problems);

/// Of "${ … }" in a text: `begin` is the byte behind "${". The byte of the brace that closes it,
/// found by the lexer, so that quotes, maps and comments inside may hold braces; npos and a problem
/// when there is none.
[[nodiscard]] std::size_t closing_brace(std::string_view text, std::size_t begin,
                                        std::vector<Problem>& problems);

}  // namespace skald::expr
