#include "engine/model/registry.hpp"

namespace skald {

Result<void> Registry::add(Definition definition) {
  auto ref = definition.ref;
  const std::string shown = ref.name + " version " + std::to_string(ref.version);
  auto held = std::make_shared<const Definition>(std::move(definition));
  if (!definitions_.emplace(std::move(ref), std::move(held)).second)
    return Error{ErrorCode::invalid_argument,
                 shown + " is registered already.",
                 "Raise the version when a definition changes.",
                 {}};
  return {};
}

std::shared_ptr<const Definition> Registry::find(std::string_view name,
                                                 std::uint32_t version) const {
  std::shared_ptr<const Definition> found;
  for (const auto& [ref, definition] : definitions_)
    if (ref.name == name && (version == 0 || ref.version == version)) found = definition;
  return found;
}

std::vector<std::shared_ptr<const Definition>> Registry::all() const {
  std::vector<std::shared_ptr<const Definition>> all;
  all.reserve(definitions_.size());
  for (const auto& [ref, definition] : definitions_) all.push_back(definition);
  return all;
}

}  // namespace skald
