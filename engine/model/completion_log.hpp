#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/ids.hpp"
#include "engine/model/json.hpp"
#include "engine/model/time.hpp"

namespace skald {

/// Whether the effect of a step that ran is still there.
enum class UndoState {
  standing,        ///< the effect stands
  undone,          ///< the participant confirmed the undo
  undone_by_hand,  ///< an operator confirmed it
  skipped,         ///< an operator decided to leave the effect, with a reason
};

/// Where a saga's history holds a value, so that its record need not repeat it.
struct HistoryPlace {
  std::int64_t revision = 0;  ///< of the transition; 0: the history does not hold it
  std::uint32_t entry = 0;    ///< which of the transition's entries, from 0

  explicit operator bool() const { return revision > 0; }
  friend auto operator<=>(const HistoryPlace&, const HistoryPlace&) = default;
};

/// One entry of the completion log: a step that ran, or may have run.
struct LogEntry {
  StepIndex step{};
  std::uint32_t run = 1;  ///< which run of this step in this saga, from 1
  bool confirmed = true;  ///< false: it may have run (its outcome stayed unknown)
  Json input;             ///< the body that was sent
  Json output;            ///< what was answered; null when not confirmed
  HistoryPlace input_at{};
  HistoryPlace output_at{};
  UndoState undo = UndoState::standing;
  Timestamp at;           ///< when the outcome was recorded
  std::string outcome{};  ///< the named outcome, if it had one
  Json item{};            ///< of a step that runs for each item: the item
  bool abandoned =
      false;  ///< of a region whose result is not needed: undone while the saga goes on
};

/// What ran, or may have run, in completion order. It grows with every step of a saga, so what is
/// asked of it after every event is counted as it changes, and nothing looks through all of it.
///
/// Its entries lie in chunks of equal size. Once a chunk is full, one row of the saga's history
/// takes it over, and the saga's record need not repeat it; a change takes it back into the record.
class CompletionLog {
 public:
  static constexpr std::size_t chunk_size = 64;

  CompletionLog() = default;
  CompletionLog(std::initializer_list<LogEntry> entries);
  /// As it was stored; `chunks` are the revisions whose history rows hold the first ones, or 0.
  explicit CompletionLog(std::vector<LogEntry> entries, std::vector<std::int64_t> chunks = {});

  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }
  [[nodiscard]] auto rbegin() const { return entries_.rbegin(); }
  [[nodiscard]] auto rend() const { return entries_.rend(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const LogEntry& operator[](std::size_t index) const { return entries_[index]; }
  [[nodiscard]] const LogEntry& front() const { return entries_.front(); }
  [[nodiscard]] const LogEntry& back() const { return entries_.back(); }

  void push_back(LogEntry entry);
  void set_undo(std::size_t index, UndoState undo);
  void abandon(std::size_t index);
  /// Changes every entry, as when the saga goes on by another definition.
  template <class Change>
  void change_all(Change change) {
    for (auto& entry : entries_) change(entry);
    *this = CompletionLog(std::move(entries_));
  }

  /// How many entries `step` has.
  [[nodiscard]] std::uint32_t runs(StepIndex step) const;
  /// The latest entry of `step` that is confirmed; null: none.
  [[nodiscard]] const LogEntry* latest(StepIndex step) const;
  [[nodiscard]] std::optional<std::size_t> find(StepIndex step, std::uint32_t run) const;
  [[nodiscard]] std::size_t count(UndoState undo) const {
    return by_undo_[static_cast<std::size_t>(undo)];
  }
  /// Whether an abandoned entry's effect stands.
  [[nodiscard]] bool any_abandoned() const { return abandoned_ > 0; }

  /// By chunk: the revision whose history row holds it; 0: none does. Without the last ones.
  [[nodiscard]] const std::vector<std::int64_t>& stored_chunks() const { return chunks_; }
  [[nodiscard]] std::span<const LogEntry> chunk(std::size_t index) const;
  /// The full chunks that no row holds, without those that were changed since this was last asked:
  /// they are likely to change again. They are taken to be stored with `revision` from now on.
  [[nodiscard]] std::vector<std::size_t> store_chunks(std::int64_t revision);

 private:
  struct OfStep {
    std::uint32_t runs = 0;
    std::optional<std::size_t> latest;
  };
  struct Open {
    std::size_t chunk = 0;
    bool changed = false;
  };
  void count_in(std::size_t index);
  void reopen(std::size_t index);

  std::vector<LogEntry> entries_;
  std::vector<OfStep> steps_;
  std::array<std::size_t, 4> by_undo_{};
  std::size_t abandoned_ = 0;
  std::vector<std::int64_t> chunks_;  ///< of full chunks
  std::vector<Open> open_;            ///< full chunks with revision 0
};

}  // namespace skald
