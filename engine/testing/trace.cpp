#include "engine/testing/trace.hpp"

#include <algorithm>

namespace skald::testing {

namespace {

/// What is said of a step by the phase the entry is about.
struct Words {
  const char* forward;
  const char* undo;
  const char* probe;
};

const Words* words_of(HistoryKind kind) {
  static constexpr Words called{"call", "undo", "probe"};
  static constexpr Words done{"done", "undone", "found"};
  static constexpr Words refused{"refused", "undo refused", "not found"};
  static constexpr Words unknown{"unknown", "undo unknown", "probe unknown"};
  static constexpr Words working{"working", "undo working", "probe working"};
  static constexpr Words exhausted{"exhausted", "exhausted", "exhausted"};
  switch (kind) {
    case HistoryKind::called:
      return &called;
    case HistoryKind::done:
      return &done;
    case HistoryKind::refused:
      return &refused;
    case HistoryKind::unknown:
      return &unknown;
    case HistoryKind::still_working:
      return &working;
    case HistoryKind::exhausted:
      return &exhausted;
    default:
      return nullptr;
  }
}

/// What is said of the saga; empty for what a trace leaves out.
std::string words_for_saga(const HistoryEntry& entry) {
  switch (entry.kind) {
    case HistoryKind::started:
      return "start";
    case HistoryKind::entered:
      return "state " + entry.state;
    case HistoryKind::unwinding:
      return "unwind";
    case HistoryKind::deadline_passed:
      return "deadline";
    case HistoryKind::retried:
      return "retry" + (entry.step.empty() ? "" : " " + entry.step);
    case HistoryKind::skipped:
      return "skip " + entry.step;
    case HistoryKind::compensate_asked:
      return "compensate";
    case HistoryKind::cancel_asked:
      return "cancel";
    case HistoryKind::ended:
      return "ended " + entry.message;
    case HistoryKind::timer_due:
      return "timer " + entry.state;
    case HistoryKind::signalled:
      return "signal " + entry.state;
    case HistoryKind::kept:
      return "kept " + entry.state;
    case HistoryKind::locks_held:
      return "locks held";
    case HistoryKind::went_on:
      return "went on";
    case HistoryKind::probed:  // the call of the probe tells it
      return "";
    default:
      return std::string(name_of(entry.kind));
  }
}

TraceLine line_of(const HistoryEntry& entry, Duration at) {
  TraceLine line{.text = {}, .detail = entry.message, .at = at, .of_step = false};
  const Words* words = words_of(entry.kind);
  if (words == nullptr || entry.step.empty()) {
    line.text = words == nullptr ? words_for_saga(entry) : words->forward + std::string(" output");
    if (entry.kind == HistoryKind::ended) line.detail.clear();
    return line;
  }
  const Phase phase = entry.phase.value_or(Phase::forward);
  line.text = phase == Phase::undo    ? words->undo
              : phase == Phase::probe ? words->probe
                                      : words->forward;
  line.text += " " + entry.step;
  line.of_step = true;
  if (entry.kind == HistoryKind::called && entry.attempt > 1)
    line.detail = "attempt " + std::to_string(entry.attempt);
  return line;
}

}  // namespace

std::vector<TraceLine> lines_of(const std::vector<HistoryEntry>& history, Duration at) {
  std::vector<TraceLine> lines;
  for (const auto& entry : history) lines.push_back(line_of(entry, at));
  std::erase_if(lines, [](const TraceLine& line) { return line.text.empty(); });
  return lines;
}

std::string printed(const TraceLine& line) {
  std::string text = "+" + duration_text(line.at);
  text.insert(0, 12 - std::min<std::size_t>(text.size(), 12), ' ');
  text += "  " + line.text;
  return line.detail.empty() ? text : text + ": " + line.detail;
}

std::string printed(const std::vector<TraceLine>& trace) {
  std::string text;
  for (const auto& line : trace) text += printed(line) + "\n";
  return text;
}

}  // namespace skald::testing
