#include "engine/testing/readings.hpp"

namespace skald::testing {

namespace {

/// More would take memory and save little: runs that have much in common come one after the other.
constexpr std::size_t known_max = 4096;

}  // namespace

Result<Instance> Readings::read(const std::string& text) {
  if (const auto found = known_.find(text); found != known_.end()) return found->second;
  auto made = decode_instance(definition_, text);
  if (!made) return made;
  if (known_.size() >= known_max) known_.clear();
  known_.emplace(text, *made);
  return made;
}

}  // namespace skald::testing
