#pragma once

#include <cstdint>
#include <random>

#include "engine/model/ids.hpp"
#include "engine/model/time.hpp"

namespace skald {

/// Where the orchestrator's randomness comes from: retry jitter and saga ids. Not for secrets. Used
/// by one thread.
class RandomSource {
 public:
  RandomSource();                             ///< seeded by the operating system
  explicit RandomSource(std::uint64_t seed);  ///< repeats itself; for tests

  [[nodiscard]] std::uint64_t next();

  /// "sk_" and a UUIDv7 (RFC 9562 §5.7), so that ids grow with time. Clients may not choose ids
  /// that begin with "sk_", so made and chosen ones never meet.
  [[nodiscard]] SagaId make_saga_id(Timestamp now);

 private:
  std::mt19937_64 engine_;
};

/// What every id made here begins with.
inline constexpr std::string_view made_id_prefix = "sk_";

}  // namespace skald
