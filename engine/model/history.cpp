#include "engine/model/history.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/model/record_io.hpp"

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
    case HistoryKind::paused:
      return "paused";
    case HistoryKind::resumed:
      return "resumed";
    case HistoryKind::terminated:
      return "terminated";
    case HistoryKind::noted:
      return "noted";
  }
  return "";
}

namespace {

using nlohmann::json;

template <class Io, class Entry>
void fields(Io& io, Entry& entry) {
  io.choice(1, entry.kind, HistoryKind::noted);
  io.text(2, entry.step);
  io.choice(3, entry.phase, Phase::probe);
  io.number(4, entry.attempt);
  io.text(5, entry.state);
  io.text(6, entry.message);
  io.time(7, entry.until);
  io.value(8, entry.payload);
  io.text(9, entry.actor);
}

template <class Enum>
Enum named(const std::string& name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  throw std::out_of_range("'" + name + "' is not known");
}

/// An entry as programs before schema version 4 wrote it.
HistoryEntry entry_in(const json& object) {
  const auto text = [&](const char* name) { return object.value(name, std::string()); };
  HistoryEntry entry{.kind = named(text("kind"), HistoryKind::migrated),
                     .step = text("step"),
                     .attempt = object.value("attempt", 0U),
                     .state = text("state"),
                     .message = text("message")};
  if (object.contains("phase")) entry.phase = named(text("phase"), Phase::probe);
  if (object.contains("until")) {
    const auto until = parse_rfc3339(text("until"));
    if (!until) throw std::out_of_range("'until' is no time");
    entry.until = *until;
  }
  if (object.contains("payload")) entry.payload = Json(object.at("payload"));
  return entry;
}

std::vector<HistoryEntry> entries_in(const json& array) {
  std::vector<HistoryEntry> entries;
  for (const auto& object : array) entries.push_back(entry_in(object));
  return entries;
}

}  // namespace

std::string encode_history(const std::vector<HistoryEntry>& entries, std::string_view chunks) {
  std::string stored = record::begin_record();
  record::Writer out(stored, nullptr, RecordForm::whole);
  out.each(1, entries, [](auto& io, auto& entry) { fields(io, entry); });
  out.text(2, chunks);
  return record::sealed(std::move(stored));
}

namespace {

struct Row {
  std::vector<HistoryEntry> entries;
  std::string chunks;
};

Result<Row> row_in(std::string_view stored) {
  try {
    if (stored.starts_with('[')) return Row{entries_in(json::parse(stored)), {}};
    const ValueAt nowhere;
    const auto bytes = record::unsealed(stored);
    record::Reader in(protozero::pbf_reader(bytes.data(), bytes.size()), nullptr, nowhere);
    Row row;
    in.each(1, row.entries, [](auto& io, auto& entry) { fields(io, entry); });
    in.text(2, row.chunks);
    in.end();
    return row;
  } catch (const std::exception& damage) {
    return Error{ErrorCode::storage_unreadable,
                 std::string("A stored history cannot be read: ") + damage.what(),
                 "Restore a backup.",
                 {}};
  }
}

}  // namespace

Result<std::vector<HistoryEntry>> decode_history(std::string_view stored) {
  auto row = row_in(stored);
  if (!row) return row.error();
  return std::move(row->entries);
}

Result<std::string> decode_chunks_in(std::string_view stored) {
  auto row = row_in(stored);
  if (!row) return row.error();
  return std::move(row->chunks);
}

}  // namespace skald
