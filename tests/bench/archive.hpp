#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "engine/model/time.hpp"

namespace skald::bench {

/// Sagas that ended long ago, for a store that is full of them: orders "past-1", "past-2", …, made
/// a millisecond apart, three to each business key "customer-1", …; one in a hundred compensated.
struct Archive {
  std::uint64_t sagas = 0;
  Timestamp first{};  ///< when "past-1" was started

  [[nodiscard]] std::uint64_t compensated() const { return sagas / 100; }
  [[nodiscard]] static std::string business_key(std::uint64_t saga);
  [[nodiscard]] Timestamp started(std::uint64_t saga) const { return first + Duration(saga); }
};

/// Makes a store in `data` with `sagas` such orders, without their histories, as fast as the store
/// takes them. `progress` hears how many there are, now and then.
[[nodiscard]] Archive make_archive(const std::filesystem::path& data, std::uint64_t sagas,
                                   const std::function<void(std::uint64_t)>& progress);

}  // namespace skald::bench
