#include "engine/orchestrator/metrics.hpp"

#include <algorithm>

namespace skald {

namespace {

bool settles_attempt(HistoryKind kind) {
  return kind == HistoryKind::done || kind == HistoryKind::refused ||
         kind == HistoryKind::unknown || kind == HistoryKind::still_working;
}

}  // namespace

void Histogram::add(double seconds) {
  const auto bound = std::lower_bound(latency_bounds.begin(), latency_bounds.end(), seconds);
  ++buckets[static_cast<std::size_t>(bound - latency_bounds.begin())];
  ++count;
  sum += seconds;
}

void Metrics::loaded(const std::string& definition, Status status) {
  const std::lock_guard lock(mutex_);
  ++held_.live[{definition, status}];
}

void Metrics::transitions(const std::vector<Counted>& all) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : all) count(one);
}

void Metrics::count(const Counted& one) {
  const std::string& name = one.definition->ref.name;
  ++held_.transitions;
  // A child that had completed and is undone with its parent comes back among the living.
  if (one.before && !is_end(*one.before)) --held_.live[{name, *one.before}];
  if (!one.before) ++held_.started[name];
  if (is_end(one.after))
    ++held_.ended[{name, one.after}];
  else
    ++held_.live[{name, one.after}];
  for (const auto& entry : one.history)
    if (settles_attempt(entry.kind) && entry.phase)
      ++held_.attempts[{name, entry.step, *entry.phase, entry.kind}];
}

void Metrics::commit(double seconds, bool ok) {
  const std::lock_guard lock(mutex_);
  held_.commit_seconds.add(seconds);
  if (!ok) ++held_.commit_failures;
}

void Metrics::late_reply() {
  const std::lock_guard lock(mutex_);
  ++held_.late_replies;
}

void Metrics::waiting(std::uint64_t queue_depth, std::uint64_t timers, std::uint64_t in_memory) {
  const std::lock_guard lock(mutex_);
  held_.queue_depth = queue_depth;
  held_.timers = timers;
  held_.in_memory = in_memory;
}

MetricsSnapshot Metrics::snapshot() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

}  // namespace skald
