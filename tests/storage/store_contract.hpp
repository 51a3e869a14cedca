#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/orchestrator/store.hpp"

namespace skald::test {

/// How the contract tests reach one backend. open() opens a store on the same, at first empty, data
/// each time; the caller destroys the store before it opens another.
struct Backend {
  std::string name;
  std::function<std::unique_ptr<Store>()> open;
};

/// A fresh Backend per call, on empty data that lives as long as it does.
using BackendFactory = std::function<Backend()>;

/// Every backend that must keep the contract of engine/orchestrator/store.hpp.
[[nodiscard]] std::vector<BackendFactory> backends();

}  // namespace skald::test
