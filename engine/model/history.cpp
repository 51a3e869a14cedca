#include "engine/model/history.hpp"

namespace skald {

std::string_view name_of(HistoryKind kind) {
  switch (kind) {
    case HistoryKind::started:
      return "started";
    case HistoryKind::entered:
      return "entered";
    case HistoryKind::called:
      return "called";
    case HistoryKind::done:
      return "done";
    case HistoryKind::refused:
      return "refused";
    case HistoryKind::unknown:
      return "unknown";
    case HistoryKind::still_working:
      return "stillWorking";
    case HistoryKind::exhausted:
      return "exhausted";
    case HistoryKind::unwinding:
      return "unwinding";
    case HistoryKind::unwound:
      return "unwound";
    case HistoryKind::stuck:
      return "stuck";
    case HistoryKind::deadline_passed:
      return "deadlinePassed";
    case HistoryKind::retried:
      return "retried";
    case HistoryKind::skipped:
      return "skipped";
    case HistoryKind::compensate_asked:
      return "compensateAsked";
    case HistoryKind::cancel_asked:
      return "cancelAsked";
    case HistoryKind::ended:
      return "ended";
    case HistoryKind::timer_due:
      return "timerDue";
    case HistoryKind::signalled:
      return "signalled";
    case HistoryKind::kept:
      return "kept";
    case HistoryKind::probed:
      return "probed";
    case HistoryKind::parked:
      return "parked";
    case HistoryKind::locks_held:
      return "locksHeld";
    case HistoryKind::went_on:
      return "wentOn";
    case HistoryKind::abandoned:
      return "abandoned";
    case HistoryKind::migrated:
      return "migrated";
  }
  return "";
}

namespace {

void append_text(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out.append(",\"").append(name).append("\":");
  append_json_string(out, text);
}

void append_entry(std::string& out, const HistoryEntry& entry) {
  out.append("{\"kind\":\"").append(name_of(entry.kind)).append("\"");
  append_text(out, "step", entry.step);
  if (entry.phase) append_text(out, "phase", name_of(*entry.phase));
  if (entry.attempt > 0) out.append(",\"attempt\":").append(std::to_string(entry.attempt));
  append_text(out, "state", entry.state);
  append_text(out, "message", entry.message);
  if (entry.until) append_text(out, "until", to_rfc3339(*entry.until));
  if (!entry.payload.is_null()) out.append(",\"payload\":").append(entry.payload.text());
  out += '}';
}

}  // namespace

std::string encode_history(const std::vector<HistoryEntry>& entries) {
  std::string out = "[";
  for (const auto& entry : entries) {
    if (out.size() > 1) out += ',';
    append_entry(out, entry);
  }
  return out += ']';
}

}  // namespace skald
