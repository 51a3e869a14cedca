#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/live/change_ring.hpp"
#include "http/live/live_feed.hpp"
#include "http/server/response_stream.hpp"

namespace skald::http {

using LiveTime = std::chrono::steady_clock::time_point;

/// How far a client knows what has happened.
struct Seen {
  std::uint64_t place = 0;  ///< it knows everything up to here
  bool missed = false;      ///< changes were dropped before it heard of them
};

/// What has happened, as all clients of one round see it.
struct LiveWindow {
  std::uint64_t process = 0;
  std::uint64_t newest = 0;
  std::vector<Change> changes;  ///< up to `newest`, without a gap

  [[nodiscard]] std::string cursor(std::uint64_t place) const;
  /// What is news to a client; with too much of it, or a part that is gone, it has `missed`.
  [[nodiscard]] std::vector<Change> news(Seen& seen, const LiveFilter& filter,
                                         std::size_t burst_max) const;
};

/// The summaries of one round: many clients see the same sagas.
class Summaries {
 public:
  explicit Summaries(const LiveFeed::Render& render) : render_(render) {}
  const std::string& of(const SagaRow& row);

 private:
  const LiveFeed::Render& render_;
  std::unordered_map<const SagaRow*, std::string> texts_;
};

/// Who reads a stream.
struct StreamClient {
  LiveFilter filter;
  Seen seen;
  std::weak_ptr<ResponseStream> stream;
  LiveTime spoken{};    ///< when it was last written to
  LiveTime resynced{};  ///< when it was last told to load anew

  enum class Told {
    everything,
    not_yet,  ///< it must be asked again soon: it was too slow, or has heard too much just now
    gone
  };
  [[nodiscard]] Told tell(const LiveWindow& window, Summaries& summaries, const LiveLimits& limits,
                          LiveTime now);
};

/// Who waits for one answer.
struct PollClient {
  LiveFilter filter;
  Seen seen;
  LiveTime limit{};
  LiveFeed::OnAnswer answer;

  /// True when it has its answer.
  [[nodiscard]] bool tell(const LiveWindow& window, Summaries& summaries, const LiveLimits& limits,
                          LiveTime now);
};

}  // namespace skald::http
