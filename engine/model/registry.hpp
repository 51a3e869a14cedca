#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald {

/// The definitions a node knows. Filled before the engine starts, read-only afterwards, so it may
/// be read from any thread.
class Registry {
 public:
  /// Adds a definition. The caller has checked it (engine/core/check.hpp). Refuses a second
  /// definition with the same name and version.
  [[nodiscard]] Result<void> add(Definition definition);

  /// The definition, or null. Without a version (0): the newest.
  [[nodiscard]] std::shared_ptr<const Definition> find(std::string_view name,
                                                       std::uint32_t version = 0) const;

  /// All, by name and then version.
  [[nodiscard]] std::vector<std::shared_ptr<const Definition>> all() const;

 private:
  std::map<DefinitionRef, std::shared_ptr<const Definition>> definitions_;
};

}  // namespace skald
