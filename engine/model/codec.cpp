#include "engine/model/codec.hpp"

#include <algorithm>
#include <iterator>

#include "engine/model/codec_json.hpp"
#include "engine/model/record_io.hpp"

namespace skald {

namespace {

template <class Io, class Entry>
void log_entry(Io& io, Entry& entry) {
  io.step(1, entry.step);
  io.number(2, entry.run);
  io.unset(3, entry.confirmed);
  io.value(4, entry.input, entry.input_at);
  io.value(5, entry.output, entry.output_at);
  io.choice(6, entry.undo, UndoState::skipped);
  io.time(7, entry.at);
  io.text(8, entry.outcome);
  io.value(9, entry.item);
  io.flag(10, entry.abandoned);
}

/// The entries that no row of the history holds.
void completion_log(record::Writer& out, const CompletionLog& log) {
  const auto& stored = log.stored_chunks();
  const auto write = [](auto& inner, auto& entry) { log_entry(inner, entry); };
  if (out.whole()) return out.each(19, log, write);
  for (std::size_t i = 0; i < stored.size(); ++i)
    if (stored[i] == 0) out.each(19, log.chunk(i), write);
  const auto rest = static_cast<std::ptrdiff_t>(stored.size() * CompletionLog::chunk_size);
  out.each(19, std::span(log.begin() + rest, log.end()), write);
}

void completion_log(record::Reader& in, CompletionLog& log) {
  std::vector<LogEntry> entries;
  in.each(19, entries, [](auto& inner, auto& entry) { log_entry(inner, entry); });
  log = CompletionLog(std::move(entries));
}

struct StoredChunk {
  std::uint32_t index = 0;
  std::vector<LogEntry> entries;
};

template <class Io, class Index, class Entries>
void chunk(Io& io, Index& index, Entries& entries) {
  io.number(1, index);
  io.each(2, entries, [](auto& in, auto& one) { log_entry(in, one); });
}

template <class Io, class Attempt>
void pending(Io& io, Attempt& attempt) {
  io.step(1, attempt.step);
  io.number(2, attempt.run);
  io.choice(3, attempt.phase, Phase::probe);
  io.choice(4, attempt.wait, Pending::Wait::hand);
  io.number(5, attempt.attempt);
  io.number(6, attempt.failures);
  io.flag(7, attempt.possibly_executed);
  io.flag(8, attempt.still_working);
  io.value(9, attempt.body, attempt.body_at);
  io.time(10, attempt.begun);
  io.time(11, attempt.since);
  io.time(12, attempt.until);
  io.text(13, attempt.last_error);
  io.text(14, attempt.address);
  io.value(15, attempt.item);
  io.number(16, attempt.redeliveries);
  io.flag(17, attempt.abandoned);
  io.flag(18, attempt.remake);
  io.value(19, attempt.forward_body, attempt.forward_body_at);
  io.text(20, attempt.forward_address);
}

template <class Io, class Unwinding>
void unwind(Io& io, Unwinding& unwind) {
  io.choice(1, unwind.cause, UnwindCause::compensate);
  io.text(2, unwind.reason);
  io.state(3, unwind.target);
  io.flag(4, unwind.finished);
}

template <class Io, class Place>
void parking(Io& io, Place& parking) {
  io.text(1, parking.reason);
  io.state(2, parking.source);
  io.state(3, parking.target);
}

template <class Io, class Stop>
void paused(Io& io, Stop& stop) {
  io.time(1, stop.since);
  io.text(2, stop.reason);
}

template <class Io, class Timer>
void timer(Io& io, Timer& timer) {
  io.state(1, timer.state);
  io.number(2, timer.ordinal);
  io.time(3, timer.due);
  io.flag(4, timer.expired);
}

template <class Io, class Kept>
void kept(Io& io, Kept& kept) {
  io.event(1, kept.event);
  io.text(2, kept.code);
  io.value(3, kept.payload);
  io.time(4, kept.at);
  io.flag(5, kept.deferred);
}

template <class Io, class Step, class Items>
void loop(Io& io, Step& step, Items& loop) {
  io.step(1, step);
  io.value(2, loop.items);
  io.number(3, loop.first_run);
  io.number(4, loop.begun);
  io.number(5, loop.done);
  io.value(6, loop.outputs);
}

template <class Io, class From>
void parent(Io& io, From& parent) {
  io.text(1, parent.saga.value);
  io.text(2, parent.step);
  io.number(3, parent.run);
}

const auto named_text = [](auto& io, auto& name, auto& text) {
  io.text(1, name);
  io.text(2, text);
};

/// What the saga's row has columns for.
template <class Io, class Saga>
void columns(Io& io, Saga& saga) {
  io.number(1, saga.key);
  io.text(2, saga.id.value);
  io.text(3, saga.definition.name);
  io.number(4, saga.definition.version);
  io.text(5, saga.business_key);
  io.time(6, saga.created);
  io.time(7, saga.updated);
  io.time(8, saga.ended);
  io.number(9, saga.revision);
  io.choice(10, saga.status, Status::terminated);
}

template <class Io, class Saga>
void contents(Io& io, Saga& saga) {
  io.map(11, saga.tags, named_text);
  io.value(12, saga.input, saga.input_at);
  io.value(13, saga.data);
  io.time(14, saga.deadline);
  io.value(15, saga.output);
  io.value(16, saga.error);
  io.maybe(17, saga.parent, [](auto& in, auto& one) { parent(in, one); });
  io.states(18, saga.active);
  completion_log(io, saga.log);
  io.each(20, saga.pending, [](auto& in, auto& one) { pending(in, one); });
  io.map(21, saga.unlogged_runs, [](auto& in, auto& step, auto& runs) {
    in.step(1, step);
    in.number(2, runs);
  });
  io.maybe(22, saga.unwind, [](auto& in, auto& one) { unwind(in, one); });
  io.flag(23, saga.pivot_passed);
  io.flag(24, saga.deadline_passed);
  io.text(25, saga.stuck_reason);
  io.each(26, saga.timers, [](auto& in, auto& one) { timer(in, one); });
  io.each(27, saga.kept, [](auto& in, auto& one) { kept(in, one); });
  io.maybe(28, saga.parking, [](auto& in, auto& one) { parking(in, one); });
  io.texts(29, saga.locks);
  io.unset(30, saga.locked);
  io.map(31, saga.correlations, named_text);
  io.map(32, saga.histories, [](auto& in, auto& region, auto& left) {
    in.state(1, region);
    in.state(2, left);
  });
  io.map(33, saga.loops, [](auto& in, auto& step, auto& one) { loop(in, step, one); });
  io.maybe(34, saga.paused, [](auto& in, auto& one) { paused(in, one); });
}

Error unreadable(const std::exception& damage) {
  return {ErrorCode::storage_unreadable,
          std::string("A stored saga cannot be read: ") + damage.what(),
          "Register the definition version it was started with, or restore a backup.",
          {}};
}

/// The chunk `index` of what one row of the history holds.
std::vector<LogEntry> entries_of(const Definition& definition, std::string_view chunks,
                                 std::size_t index, const ValueAt& value_at) {
  const auto fields = record::unsealed(chunks);
  record::Reader in(protozero::pbf_reader(fields.data(), fields.size()), &definition, value_at);
  std::vector<StoredChunk> all;
  in.each(1, all, [](auto& io, auto& one) { chunk(io, one.index, one.entries); });
  for (auto& one : all)
    if (one.index == index && one.entries.size() == CompletionLog::chunk_size)
      return std::move(one.entries);
  throw std::out_of_range("a part of its completion log is missing");
}

/// The log of a record whose chunks are stored with `revisions`, and the others in it.
CompletionLog assembled(const Definition& definition, const CompletionLog& here,
                        std::vector<std::int64_t> revisions, const ValueAt& value_at,
                        const ChunksAt& chunks_at) {
  std::vector<LogEntry> entries;
  auto next = here.begin();
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    if (revisions[i] == 0) {
      if (here.end() - next < static_cast<std::ptrdiff_t>(CompletionLog::chunk_size))
        throw std::out_of_range("a part of its completion log is missing");
      entries.insert(entries.end(), next, next + CompletionLog::chunk_size);
      next += CompletionLog::chunk_size;
      continue;
    }
    if (!chunks_at) throw std::out_of_range("a part of its completion log is not here");
    const auto chunks = chunks_at(revisions[i]);
    if (!chunks) throw std::out_of_range(chunks.error().message);
    if (chunks->empty()) return here;
    auto stored = entries_of(definition, *chunks, i, value_at);
    entries.insert(entries.end(), std::make_move_iterator(stored.begin()),
                   std::make_move_iterator(stored.end()));
  }
  entries.insert(entries.end(), next, here.end());
  return CompletionLog(std::move(entries), std::move(revisions));
}

bool any_stored(const CompletionLog& log) {
  const auto& chunks = log.stored_chunks();
  return std::any_of(chunks.begin(), chunks.end(), [](auto revision) { return revision != 0; });
}

}  // namespace

std::string encode_chunks(const Definition& definition, const CompletionLog& log,
                          const std::vector<std::size_t>& chunks) {
  std::string record = record::begin_record();
  record::Writer out(record, &definition, RecordForm::for_store);
  out.each(1, chunks, [&](auto& io, std::size_t index) {
    const auto number = static_cast<std::uint32_t>(index);
    const auto entries = log.chunk(index);
    chunk(io, number, entries);
  });
  return record::sealed(std::move(record));
}

std::string encode_instance(const Definition& definition, const Instance& saga, RecordForm form) {
  std::string record = record::begin_record();
  record::Writer out(record, &definition, form);
  if (out.whole()) columns(out, saga);
  contents(out, saga);
  if (out.whole() || !any_stored(saga.log)) return record::sealed(std::move(record));
  out.deltas(35, saga.log.stored_chunks());
  return record::sealed(std::move(record), record::Form::parts_elsewhere);
}

Result<Instance> decode_instance(const Definition& definition, std::string_view record,
                                 const ValueAt& value_at, const ChunksAt& chunks_at) {
  try {
    if (record.starts_with('{')) return decode_json_instance(definition, record);
    const auto fields = record::unsealed(record);
    record::Reader in(protozero::pbf_reader(fields.data(), fields.size()), &definition, value_at);
    Instance saga;
    columns(in, saga);
    contents(in, saga);
    std::vector<std::int64_t> chunks;
    in.deltas(35, chunks);
    in.end();
    if (!chunks.empty())
      saga.log = assembled(definition, saga.log, std::move(chunks), value_at, chunks_at);
    return saga;
  } catch (const std::exception& damage) {
    return unreadable(damage);
  }
}

}  // namespace skald
