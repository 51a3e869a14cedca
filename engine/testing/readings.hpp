#pragma once

#include <string>
#include <unordered_map>

#include "engine/model/codec.hpp"

namespace skald::testing {

/// What stored sagas are when they are read back. The runs of a matrix share one of these: most of
/// what one run stores, another has stored to the letter, and reading is what takes them long.
class Readings {
 public:
  /// `definition` must outlive this.
  explicit Readings(const Definition& definition) : definition_(definition) {}

  /// As decode_instance().
  [[nodiscard]] Result<Instance> read(const std::string& text);

 private:
  const Definition& definition_;
  std::unordered_map<std::string, Instance> known_;
};

}  // namespace skald::testing
