#include "dsl/sml/context.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace skald::sml {

nlohmann::json Objects::add(std::shared_ptr<const void> object) {
  entries_[++last_] = {std::move(object)};
  ++open_;
  return last_;
}

const void* Objects::find(const nlohmann::json& payload) const {
  if (!payload.is_number_unsigned()) return nullptr;
  const auto found = entries_.find(payload.get<std::uint64_t>());
  return found == entries_.end() ? nullptr : found->second.object.get();
}

void Objects::handled(const nlohmann::json& payload) {
  if (!payload.is_number_unsigned()) return;
  const auto found = entries_.find(payload.get<std::uint64_t>());
  if (found == entries_.end() || std::exchange(found->second.handled, true)) return;
  --open_;
}

void Objects::start() {
  open_ = 0;
  for (auto& [number, entry] : entries_) entry.handled = true;
}

void Objects::keep_only(const std::vector<std::uint64_t>& numbers) {
  std::erase_if(entries_, [&](const auto& entry) {
    return std::find(numbers.begin(), numbers.end(), entry.first) == numbers.end();
  });
}

void Surroundings::add(TypeTag type, const void* object, std::shared_ptr<const void> owner) {
  if (find(type) == nullptr) entries_.push_back({type, object, std::move(owner)});
}

const void* Surroundings::find(TypeTag type) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.type == type; });
  return found == entries_.end() ? nullptr : found->object;
}

}  // namespace skald::sml
