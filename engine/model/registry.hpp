#pragma once

#include <map>
#include <memory>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald {

/// The definitions a node knows. All members may be called from any thread.
class Registry {
 public:
  /// Adds a definition. The caller has checked it (engine/core/check.hpp). Refuses a second
  /// definition with the same name and version.
  [[nodiscard]] Result<void> add(Definition definition);
  [[nodiscard]] Result<void> add(std::shared_ptr<const Definition> definition);

  /// The definition, or null. Without a version (0): the newest.
  [[nodiscard]] std::shared_ptr<const Definition> find(std::string_view name,
                                                       std::uint32_t version = 0) const;

  /// All, by name and then version.
  [[nodiscard]] std::vector<std::shared_ptr<const Definition>> all() const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::map<std::uint32_t, std::shared_ptr<const Definition>>, std::less<>>
      definitions_;
};

}  // namespace skald
