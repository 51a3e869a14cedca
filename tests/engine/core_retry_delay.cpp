#include <doctest/doctest.h>

#include <limits>

#include "engine/core/retry.hpp"

namespace skald::test {

namespace {

using core::retry_delay;
using namespace std::chrono_literals;

constexpr std::uint64_t lowest = 0;
constexpr std::uint64_t middle = std::uint64_t{1} << 63;
constexpr std::uint64_t highest = std::numeric_limits<std::uint64_t>::max();

constexpr RetryPolicy policy{
    .attempts = 10, .first = 100ms, .factor = 2.0, .max = 1000ms, .jitter = 0.2};

TEST_CASE("the wait doubles from failure to failure, up to the largest") {
  CHECK(retry_delay(policy, 1, middle, {}) == 100ms);
  CHECK(retry_delay(policy, 2, middle, {}) == 200ms);
  CHECK(retry_delay(policy, 3, middle, {}) == 400ms);
  CHECK(retry_delay(policy, 4, middle, {}) == 800ms);
  CHECK(retry_delay(policy, 5, middle, {}) == 1000ms);
  CHECK(retry_delay(policy, 6, middle, {}) == 1000ms);
}

TEST_CASE("the jitter spreads the wait by its share, both ways and never beyond") {
  CHECK(retry_delay(policy, 1, lowest, {}) == 80ms);
  const auto longest = retry_delay(policy, 1, highest, {});
  CHECK(longest >= 119ms);
  CHECK(longest <= 120ms);
  std::uint64_t entropy = 12345;
  for (int i = 0; i < 1000; ++i) {
    entropy = entropy * 6364136223846793005u + 1442695040888963407u;
    const auto delay = retry_delay(policy, 2, entropy, {});
    CHECK(delay >= 160ms);
    CHECK(delay <= 240ms);
  }
}

TEST_CASE("without jitter the wait does not depend on randomness") {
  RetryPolicy exact = policy;
  exact.jitter = 0;
  CHECK(retry_delay(exact, 3, lowest, {}) == 400ms);
  CHECK(retry_delay(exact, 3, highest, {}) == 400ms);
}

TEST_CASE("a participant that asks for rest gets it, and never less than the policy gives") {
  CHECK(retry_delay(policy, 1, middle, 5s) == 5s);
  CHECK(retry_delay(policy, 5, middle, 10ms) == 1000ms);
  CHECK(retry_delay(policy, 1, middle, -5s) == 100ms);
}

TEST_CASE("a wait is at least a millisecond") {
  const RetryPolicy tiny{.first = 1ms, .factor = 1.0, .max = 1ms, .jitter = 1.0};
  CHECK(retry_delay(tiny, 1, lowest, {}) == 1ms);
}

TEST_CASE("no policy and no participant can make a wait so long that time overflows") {
  const RetryPolicy endless{.first = 1ms, .factor = 1e300, .max = Duration::max(), .jitter = 1.0};
  const Timestamp late{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
  for (const std::uint32_t failures : {1u, 2u, 3u, 1000u, 4'000'000'000u})
    for (const auto entropy : {lowest, middle, highest}) {
      const auto delay = retry_delay(endless, failures, entropy, {});
      CHECK(delay >= (failures == 1 || entropy == lowest ? 1ms : 24h * 366));
      CHECK(late + delay > late);
    }
  const auto asked = retry_delay(policy, 1, middle, Duration::max());
  CHECK(late + asked > late);
}

}  // namespace

}  // namespace skald::test
