#include "engine/orchestrator/retention.hpp"

#include <algorithm>
#include <future>

#include "engine/orchestrator/log.hpp"
#include "engine/orchestrator/stored_instance.hpp"

namespace skald {

namespace {

/// So many rows are looked at, at most, for one slice: old sagas that go on are passed by.
constexpr std::size_t rows_at_once = 200;
constexpr int pages_max = 10;

/// A family deeper than this is taken to go on.
constexpr int generations_max = 100;

}  // namespace

Retention::Retention(Parts parts, RetentionRules rules) : parts_(std::move(parts)), rules_(rules) {}

Retention::~Retention() { stop(); }

void Retention::run() {
  thread_ = std::jthread([this] { work(); });
}

void Retention::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

/// False when it is time to stop.
bool Retention::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, time, [this] { return stopping_; });
}

void Retention::work() {
  bool more = true;
  while (wait(more ? rules_.pause : rules_.look_every)) {
    wait_for_quiet();
    const auto removed = step();
    if (!removed) log::error("old sagas were not removed", {{"why", removed.error().message}});
    more = removed && (*removed > 0 || number(position_) > 0);
  }
}

/// Others come first, but not forever.
void Retention::wait_for_quiet() {
  const auto limit = last_slice_ + rules_.patience;
  while (parts_.orchestrator.metrics().queue_depth > rules_.queue_short && steady_now() < limit)
    if (!wait(rules_.pause)) return;
}

bool Retention::Choice::takes(const SagaRow& row) const {
  if (!row.ended) return false;
  return excess > static_cast<std::int64_t>(rows.size()) ||
         (ended_until && *row.ended <= *ended_until);
}

/// How many ended sagas there are too many.
Result<std::int64_t> Retention::excess() {
  if (!rules_.count_max) return std::int64_t{0};
  const auto counts = parts_.reader.count();
  if (!counts) return counts.error();
  std::int64_t ended = 0;
  for (const auto& line : *counts)
    if (is_end(line.status)) ended += line.count;
  return std::max(std::int64_t{0}, ended - *rules_.count_max);
}

/// A child is undone with its parent, even when it has completed, and needs its record for that.
Result<bool> Retention::may_go(const SagaRow& row) {
  auto saga = read_progress(parts_.definitions, row);
  for (int generation = 0; generation < generations_max; ++generation) {
    if (!saga) return saga.error();
    if (!saga->instance.parent) return true;
    const auto parent = parts_.reader.find(saga->instance.parent->saga);
    if (!parent) return parent.error();
    if (!*parent) return true;
    if (!is_end((*parent)->status)) return false;
    saga = read_progress(parts_.definitions, **parent);
  }
  return false;
}

/// Adds what goes. False when there is nothing further to look at in this pass.
Result<bool> Retention::choose(Choice& choice) {
  // The newest saga stays, so that no key is given a second time.
  const auto newest = parts_.reader.list({}, std::nullopt, 1);
  if (!newest) return newest.error();
  for (int page = 0; page < pages_max; ++page) {
    const auto rows = parts_.reader.oldest(position_, rows_at_once);
    if (!rows) return rows.error();
    for (const SagaRow& row : *rows) {
      const bool counted = choice.excess > static_cast<std::int64_t>(choice.rows.size());
      const bool younger = !choice.ended_until || row.created > *choice.ended_until;
      if (row.key >= newest->front().key || (!counted && younger)) return false;
      if (choice.rows.size() == rules_.slice) return true;
      position_ = row.key;
      if (!choice.takes(row)) continue;
      const auto goes = may_go(row);
      if (!goes && !std::exchange(warned_, true))
        log::warning("an old saga stays, and others may", {{"why", goes.error().message}});
      if (goes && *goes) choice.rows.push_back(row);
    }
    if (rows->size() < rows_at_once) return false;
  }
  return true;
}

Result<void> Retention::archive(const std::vector<SagaRow>& rows) {
  std::vector<std::string> lines;
  for (const SagaRow& row : rows) {
    auto line = parts_.line(row);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  if (auto kept = parts_.archive->append(lines); !kept) return kept;
  archived_ += lines.size();
  if (parts_.at_crash_point) parts_.at_crash_point(CrashPoint::after_archive);
  return {};
}

Result<std::size_t> Retention::remove(const Choice& choice) {
  std::vector<SagaKey> keys;
  for (const SagaRow& row : choice.rows) keys.push_back(row.key);
  const auto answer = std::make_shared<std::promise<Result<std::size_t>>>();
  auto removed = answer->get_future();
  const auto requests_before = rules_.age ? choice.ended_until : std::nullopt;
  parts_.orchestrator.remove(
      std::move(keys), requests_before,
      [answer](Result<std::size_t> result) { answer->set_value(std::move(result)); });
  return removed.get();
}

Result<std::size_t> Retention::step() {
  Choice choice;
  if (rules_.age) choice.ended_until = parts_.now() - *rules_.age;
  const auto too_many = excess();
  if (!too_many) return too_many.error();
  choice.excess = *too_many;
  const auto begun_at = position_;
  const auto more = choose(choice);
  if (!more || !*more) position_ = SagaKey{};
  if (!more) return more.error();
  if (choice.rows.empty()) return std::size_t{0};
  auto result = parts_.archive == nullptr ? Result<void>() : archive(choice.rows);
  auto removed = result ? remove(choice) : Result<std::size_t>(result.error());
  if (!removed) position_ = begun_at;  // they are looked at again
  last_slice_ = steady_now();
  if (removed) removed_ += *removed;
  return removed;
}

}  // namespace skald
