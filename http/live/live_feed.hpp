#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/orchestrator/commit_listener.hpp"
#include "http/live/change_ring.hpp"
#include "http/server/response_stream.hpp"

namespace skald::http {

/// How much is kept for those who look on, and how often they hear.
struct LiveLimits {
  std::size_t changes_max = 4096;                     ///< that are held for who comes back
  std::size_t bytes_max = std::size_t{32} << 20;      ///< of their records
  std::size_t burst_max = 500;                        ///< sagas in one burst; with more: resync
  std::size_t clients_max = 256;                      ///< streams and polls together
  std::chrono::milliseconds burst_every{250};         ///< to one client
  std::chrono::milliseconds resync_every{1'000};      ///< to one client
  std::chrono::milliseconds heartbeat_every{15'000};  ///< when there is nothing to say
  std::chrono::milliseconds kept_for{60'000};         ///< after the last client has gone
};

/// What a poll is answered with.
struct LiveAnswer {
  std::vector<std::string> changes;  ///< summaries, in the order of the changes
  std::string cursor;                ///< to ask on from
  bool resync = false;               ///< changes were missed: load what is shown again
};

/// Tells clients what every commit moved, after the commit. Nobody waits for them: a slow client is
/// told less often, and one that falls too far behind is told to load anew.
///
/// All members may be called from any thread.
class LiveFeed : public CommitListener {
 public:
  using Render = std::function<std::string(const SagaRow&)>;
  using OnAnswer = std::function<void(LiveAnswer)>;

  /// `render` makes the summary of a saga; called on the feed's own thread.
  explicit LiveFeed(Render render, LiveLimits limits = {});
  ~LiveFeed() override;  ///< closes, if close() has not been called
  LiveFeed(const LiveFeed&) = delete;
  LiveFeed& operator=(const LiveFeed&) = delete;

  void on_committed(std::vector<SagaRow> moved) override;

  /// Writes Server-Sent Events into `stream` while its client lives: hello, then every saga that
  /// `filter` concerns and that moved after the cursor `after` (empty: from now on). False when
  /// there are too many clients, or the feed is closed.
  [[nodiscard]] bool open_stream(LiveFilter filter, std::string_view after,
                                 const std::shared_ptr<ResponseStream>& stream);

  /// Answers once there are changes after the cursor `after`, at the latest after `wait`; at once
  /// with the newest cursor when `after` is empty. False as above; then `answer` is not called.
  [[nodiscard]] bool poll(LiveFilter filter, std::string_view after, std::chrono::milliseconds wait,
                          OnAnswer answer);

  /// Streams that are open.
  [[nodiscard]] std::size_t stream_clients() const;

  /// Ends every stream and answers every poll; none begins from then on.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald::http
