#include "dsl/expr/functions.hpp"

#include <algorithm>

namespace skald::expr {

std::span<const Function> functions() {
  static const std::vector<Function> table = [] {
    std::vector<Function> all;
    for (auto& part :
         {conversion_functions(), text_functions(), list_functions(), time_functions()})
      all.insert(all.end(), part.begin(), part.end());
    std::sort(all.begin(), all.end(),
              [](const Function& a, const Function& b) { return a.name < b.name; });
    return all;
  }();
  return table;
}

}  // namespace skald::expr
