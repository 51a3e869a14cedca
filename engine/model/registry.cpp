#include "engine/model/registry.hpp"

#include <mutex>

namespace skald {

Result<void> Registry::add(Definition definition) {
  return add(std::make_shared<const Definition>(std::move(definition)));
}

Result<void> Registry::add(std::shared_ptr<const Definition> definition) {
  const DefinitionRef ref = definition->ref;
  const std::unique_lock lock(mutex_);
  if (definitions_[ref.name].emplace(ref.version, std::move(definition)).second) return {};
  return Error{ErrorCode::invalid_argument,
               ref.name + " version " + std::to_string(ref.version) + " is registered already.",
               "Raise the version when a definition changes.",
               {}};
}

std::shared_ptr<const Definition> Registry::find(std::string_view name,
                                                 std::uint32_t version) const {
  const std::shared_lock lock(mutex_);
  const auto versions = definitions_.find(name);
  if (versions == definitions_.end()) return nullptr;
  if (version == 0) return versions->second.rbegin()->second;
  const auto found = versions->second.find(version);
  return found == versions->second.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Definition>> Registry::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const Definition>> all;
  for (const auto& [name, versions] : definitions_)
    for (const auto& [version, definition] : versions) all.push_back(definition);
  return all;
}

}  // namespace skald
