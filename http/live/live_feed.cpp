#include "http/live/live_feed.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/orchestrator/clock.hpp"
#include "engine/orchestrator/random_source.hpp"
#include "http/live/cursor.hpp"
#include "http/live/live_clients.hpp"
#include "http/live/sse.hpp"

namespace skald::http {

namespace {

/// How often the feed looks whether clients have gone.
constexpr std::chrono::milliseconds look_around{1'000};

/// Those whom one thread tells.
struct Clients {
  std::vector<StreamClient> streams;
  std::vector<PollClient> polls;

  [[nodiscard]] bool empty() const { return streams.empty() && polls.empty(); }
  [[nodiscard]] std::size_t size() const { return streams.size() + polls.size(); }
  void take(Clients&& others) {
    std::move(others.streams.begin(), others.streams.end(), std::back_inserter(streams));
    std::move(others.polls.begin(), others.polls.end(), std::back_inserter(polls));
    others = {};
  }
};

}  // namespace

struct LiveFeed::Impl {
  Impl(Render with, LiveLimits within)
      : render(std::move(with)), limits(within), ring(limits.changes_max, limits.bytes_max) {}

  const Render render;
  const LiveLimits limits;
  const std::uint64_t process = RandomSource().next();

  mutable std::mutex mutex;
  std::condition_variable woken;
  ChangeRing ring;
  Clients arrived;           ///< not known to the thread yet
  std::size_t attended = 0;  ///< clients that it knows
  LiveTime kept_until{};     ///< until then changes are kept though nobody looks
  bool news = false;         ///< something happened since the last round
  bool closed = false;
  std::atomic<std::size_t> stream_count{0};

  // Only the thread's, so that nobody who commits waits while clients are told.
  Clients clients;
  bool asked_again = false;  ///< some client could not be told everything
  LiveTime last_round{};
  std::jthread thread;

  void work();
  void await_round(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] LiveTime next_look() const;
  [[nodiscard]] LiveWindow window() const;
  void tell_all(const LiveWindow& window, LiveTime now);
  [[nodiscard]] Seen seen_at(std::string_view after) const;
  [[nodiscard]] bool full() const {
    return closed || attended + arrived.size() >= limits.clients_max;
  }
  void welcome() {
    news = true;
    woken.notify_one();
  }
};

/// A cursor of another process, from the future, or of changes that are gone: changes were missed.
Seen LiveFeed::Impl::seen_at(std::string_view after) const {
  if (after.empty()) return {ring.newest(), false};
  const auto cursor = read_cursor(after);
  if (!cursor || cursor->process != process || !ring.reaches(cursor->place))
    return {ring.newest(), true};
  return {cursor->place, false};
}

/// From the place of whoever is furthest behind, as far as that is still held.
LiveWindow LiveFeed::Impl::window() const {
  std::uint64_t from = ring.newest();
  const auto widen = [&](const auto& client) {
    if (ring.reaches(client.seen.place)) from = std::min(from, client.seen.place);
  };
  std::for_each(clients.streams.begin(), clients.streams.end(), widen);
  std::for_each(clients.polls.begin(), clients.polls.end(), widen);
  return {process, ring.newest(), ring.after(from)};
}

LiveTime LiveFeed::Impl::next_look() const {
  if (asked_again) return last_round + limits.burst_every;
  auto look = steady_now() + look_around;
  for (const auto& poll : clients.polls) look = std::min(look, poll.limit);
  for (const auto& client : clients.streams)
    look = std::min(look, client.spoken + limits.heartbeat_every);
  return look;
}

/// Rounds keep their distance, so no client hears more often than it should.
void LiveFeed::Impl::await_round(std::unique_lock<std::mutex>& lock) {
  if (clients.empty())
    woken.wait(lock, [this] { return closed || !arrived.empty(); });
  else
    woken.wait_until(lock, next_look(), [this] { return closed || news; });
  woken.wait_until(lock, last_round + limits.burst_every, [this] { return closed; });
}

void LiveFeed::Impl::tell_all(const LiveWindow& window, LiveTime now) {
  Summaries summaries(render);
  asked_again = false;
  std::erase_if(clients.streams, [&](StreamClient& client) {
    const auto told = client.tell(window, summaries, limits, now);
    asked_again = asked_again || told == StreamClient::Told::not_yet;
    return told == StreamClient::Told::gone;
  });
  std::erase_if(clients.polls,
                [&](PollClient& client) { return client.tell(window, summaries, limits, now); });
  stream_count = clients.streams.size();
}

void LiveFeed::Impl::work() {
  std::unique_lock lock(mutex);
  for (;;) {
    await_round(lock);
    if (closed) return;
    news = false;
    clients.take(std::move(arrived));
    attended = clients.size();
    const auto seen = window();
    lock.unlock();
    last_round = steady_now();
    tell_all(seen, last_round);
    lock.lock();
    attended = clients.size();
    kept_until = last_round + limits.kept_for;
  }
}

LiveFeed::LiveFeed(Render render, LiveLimits limits)
    : impl_(std::make_unique<Impl>(std::move(render), limits)) {
  impl_->thread = std::jthread([impl = impl_.get()] { impl->work(); });
}

LiveFeed::~LiveFeed() { close(); }

void LiveFeed::on_committed(std::vector<SagaRow> moved) {
  const std::lock_guard lock(impl_->mutex);
  const bool nobody = impl_->attended == 0 && impl_->arrived.empty();
  if (nobody && steady_now() >= impl_->kept_until) return impl_->ring.skip(moved.size());
  impl_->ring.push(std::move(moved));
  if (!std::exchange(impl_->news, true)) impl_->woken.notify_one();
}

bool LiveFeed::open_stream(LiveFilter filter, std::string_view after,
                           const std::shared_ptr<ResponseStream>& stream) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->full()) return false;
  const auto seen = impl_->seen_at(after);
  const auto cursor = to_text({impl_->process, seen.place});
  stream->write(sse_event("hello", cursor, R"({"cursor":")" + cursor + R"("})"));
  impl_->arrived.streams.push_back({std::move(filter), seen, stream, steady_now(), {}});
  impl_->welcome();
  return true;
}

bool LiveFeed::poll(LiveFilter filter, std::string_view after, std::chrono::milliseconds wait,
                    OnAnswer answer) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->full()) return false;
  const auto limit = after.empty() ? LiveTime{} : steady_now() + wait;
  impl_->arrived.polls.push_back(
      {std::move(filter), impl_->seen_at(after), limit, std::move(answer)});
  impl_->welcome();
  return true;
}

std::size_t LiveFeed::stream_clients() const { return impl_->stream_count; }

void LiveFeed::close() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->closed = true;
  }
  impl_->woken.notify_one();
  if (impl_->thread.joinable()) impl_->thread.join();
  auto& clients = impl_->clients;
  clients.take(std::move(impl_->arrived));
  for (const auto& client : std::exchange(clients.streams, {}))
    if (const auto stream = client.stream.lock()) stream->end();
  for (const auto& client : std::exchange(clients.polls, {}))
    client.answer({{}, to_text({impl_->process, client.seen.place}), client.seen.missed});
  impl_->stream_count = 0;
}

}  // namespace skald::http
