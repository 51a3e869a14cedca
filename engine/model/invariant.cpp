#include "engine/model/invariant.hpp"

#include <cstdio>
#include <cstdlib>

namespace skald {

void invariant(bool holds, std::string_view what, const char* file, int line) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "skald: invariant broken at %s:%d: %.*s\n", file, line,
               static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace skald
