#include "engine/orchestrator/random_source.hpp"

#include <cstdio>

namespace skald {

namespace {

std::mt19937_64 seeded_by_system() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

}  // namespace

RandomSource::RandomSource() : engine_(seeded_by_system()) {}

RandomSource::RandomSource(std::uint64_t seed) : engine_(seed) {}

std::uint64_t RandomSource::next() { return engine_(); }

SagaId RandomSource::make_saga_id(Timestamp now) {
  const auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t high = next();
  const std::uint64_t low = next();
  char text[48];
  const int size = std::snprintf(
      text, sizeof text, "sk_%08llx-%04llx-7%03llx-%04llx-%012llx",
      static_cast<unsigned long long>((millis >> 16) & 0xffffffffU),
      static_cast<unsigned long long>(millis & 0xffffU),
      static_cast<unsigned long long>(high & 0xfffU),
      static_cast<unsigned long long>(((high >> 12) & 0x3fffU) | 0x8000U),  // variant 10
      static_cast<unsigned long long>(low & 0xffffffffffffU));
  return SagaId{std::string(text, static_cast<std::size_t>(size))};
}

}  // namespace skald
