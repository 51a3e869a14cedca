#include "engine/model/completion_log.hpp"

#include <algorithm>

namespace skald {

CompletionLog::CompletionLog(std::initializer_list<LogEntry> entries)
    : CompletionLog(std::vector<LogEntry>(entries), {}) {}

CompletionLog::CompletionLog(std::vector<LogEntry> entries, std::vector<std::int64_t> chunks)
    : entries_(std::move(entries)), chunks_(std::move(chunks)) {
  for (std::size_t i = 0; i < entries_.size(); ++i) count_in(i);
  chunks_.resize(entries_.size() / chunk_size);
  for (std::size_t i = 0; i < chunks_.size(); ++i)
    if (chunks_[i] == 0) open_.push_back({i});
}

void CompletionLog::count_in(std::size_t index) {
  const LogEntry& entry = entries_[index];
  if (steps_.size() <= number(entry.step)) steps_.resize(number(entry.step) + 1);
  OfStep& of_step = steps_[number(entry.step)];
  ++of_step.runs;
  if (entry.confirmed) of_step.latest = index;
  ++by_undo_[static_cast<std::size_t>(entry.undo)];
  if (entry.abandoned && entry.undo == UndoState::standing) ++abandoned_;
}

void CompletionLog::push_back(LogEntry entry) {
  entries_.push_back(std::move(entry));
  count_in(entries_.size() - 1);
  if (entries_.size() % chunk_size != 0) return;
  open_.push_back({chunks_.size()});
  chunks_.push_back(0);
}

void CompletionLog::set_undo(std::size_t index, UndoState undo) {
  LogEntry& entry = entries_[index];
  if (entry.abandoned && entry.undo == UndoState::standing) --abandoned_;
  --by_undo_[static_cast<std::size_t>(entry.undo)];
  ++by_undo_[static_cast<std::size_t>(undo)];
  entry.undo = undo;
  if (entry.abandoned && undo == UndoState::standing) ++abandoned_;
  reopen(index);
}

void CompletionLog::abandon(std::size_t index) {
  if (entries_[index].abandoned) return;
  entries_[index].abandoned = true;
  if (entries_[index].undo == UndoState::standing) ++abandoned_;
  reopen(index);
}

/// What is stored of the entry's chunk is not true any more.
void CompletionLog::reopen(std::size_t index) {
  const std::size_t chunk = index / chunk_size;
  if (chunk >= chunks_.size()) return;
  chunks_[chunk] = 0;
  const auto held =
      std::find_if(open_.begin(), open_.end(), [&](const Open& one) { return one.chunk == chunk; });
  if (held == open_.end())
    open_.push_back({chunk, true});
  else
    held->changed = true;
}

std::uint32_t CompletionLog::runs(StepIndex step) const {
  return number(step) < steps_.size() ? steps_[number(step)].runs : 0;
}

const LogEntry* CompletionLog::latest(StepIndex step) const {
  if (number(step) >= steps_.size() || !steps_[number(step)].latest) return nullptr;
  return &entries_[*steps_[number(step)].latest];
}

std::optional<std::size_t> CompletionLog::find(StepIndex step, std::uint32_t run) const {
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const LogEntry& entry) {
    return entry.step == step && entry.run == run;
  });
  if (found == entries_.rend()) return std::nullopt;
  return static_cast<std::size_t>(entries_.rend() - found) - 1;
}

std::span<const LogEntry> CompletionLog::chunk(std::size_t index) const {
  return std::span(entries_).subspan(index * chunk_size, chunk_size);
}

std::vector<std::size_t> CompletionLog::store_chunks(std::int64_t revision) {
  std::vector<std::size_t> stored;
  std::vector<Open> left;
  for (const Open& one : open_) {
    if (one.changed) {
      left.push_back({one.chunk});
      continue;
    }
    chunks_[one.chunk] = revision;
    stored.push_back(one.chunk);
  }
  open_ = std::move(left);
  return stored;
}

}  // namespace skald
