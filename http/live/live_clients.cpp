#include "http/live/live_clients.hpp"

#include "http/live/cursor.hpp"
#include "http/live/sse.hpp"

namespace skald::http {

std::string LiveWindow::cursor(std::uint64_t place) const { return to_text({process, place}); }

std::vector<Change> LiveWindow::news(Seen& seen, const LiveFilter& filter,
                                     std::size_t burst_max) const {
  seen.missed = seen.missed || newest - seen.place > changes.size();
  if (seen.missed) return {};
  auto burst = coalesced(std::span(changes).last(newest - seen.place), filter);
  seen.missed = burst.size() > burst_max;
  return burst;
}

const std::string& Summaries::of(const SagaRow& row) {
  const auto [place, fresh] = texts_.try_emplace(&row);
  if (fresh) place->second = render_(row);
  return place->second;
}

StreamClient::Told StreamClient::tell(const LiveWindow& window, Summaries& summaries,
                                      const LiveLimits& limits, LiveTime now) {
  const auto open = stream.lock();
  if (!open || open->ended()) return Told::gone;
  // What it has not taken yet stands for a queue of its own: it hears the rest later, or that it
  // has missed too much.
  if (open->pending() > 0) return Told::not_yet;
  const auto burst = window.news(seen, filter, limits.burst_max);
  if (seen.missed && now < resynced + limits.resync_every) return Told::not_yet;
  std::string text;
  if (seen.missed) {
    text = sse_event("resync", window.cursor(window.newest), "{}");
    resynced = now;
  } else {
    for (const auto& change : burst)
      text += sse_event("saga", window.cursor(change.place), summaries.of(*change.row));
  }
  seen = {window.newest, false};
  if (text.empty() && now >= spoken + limits.heartbeat_every)
    text = sse_heartbeat(window.cursor(seen.place));
  if (text.empty()) return Told::everything;
  spoken = now;
  open->write(text);
  return Told::everything;
}

bool PollClient::tell(const LiveWindow& window, Summaries& summaries, const LiveLimits& limits,
                      LiveTime now) {
  LiveAnswer told{{}, window.cursor(window.newest), false};
  const auto burst = window.news(seen, filter, limits.burst_max);
  told.resync = seen.missed;
  if (!told.resync)
    for (const auto& change : burst) told.changes.push_back(summaries.of(*change.row));
  seen.place = window.newest;
  if (told.changes.empty() && !told.resync && now < limit) return false;
  answer(std::move(told));
  return true;
}

}  // namespace skald::http
