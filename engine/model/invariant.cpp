#include "engine/model/invariant.hpp"

#include <cstdio>
#include <cstdlib>

namespace skald {

void invariant(bool holds, std::string_view what, std::source_location where) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "skald: invariant broken at %s:%u: %.*s\n", where.file_name(),
               static_cast<unsigned>(where.line()), static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace skald
