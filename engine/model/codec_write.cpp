#include "engine/model/codec.hpp"

#include <nlohmann/json.hpp>

namespace skald {

namespace {

using nlohmann::json;

std::int64_t millis(Timestamp time) { return time.time_since_epoch().count(); }

/// Writes one JSON object member by member; nested values are appended as ready text.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  std::string& raw(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(out_, name);
    return out_ += ':';
  }
  void text(std::string_view name, std::string_view value) { append_json_string(raw(name), value); }
  void number(std::string_view name, std::int64_t value) { raw(name) += std::to_string(value); }
  void boolean(std::string_view name, bool value) { raw(name) += value ? "true" : "false"; }
  void value(std::string_view name, const Json& value) {
    if (!value.is_null()) raw(name) += value.text();
  }
  void time(std::string_view name, Timestamp value) { number(name, millis(value)); }

 private:
  std::string& out_;
};

void write_entry(std::string& out, const Definition& definition, const LogEntry& entry) {
  ObjectWriter object(out);
  object.text("step", definition.at(entry.step).id);
  object.number("run", entry.run);
  object.boolean("confirmed", entry.confirmed);
  object.value("input", entry.input);
  object.value("output", entry.output);
  object.number("undo", static_cast<int>(entry.undo));
  object.time("at", entry.at);
  if (!entry.outcome.empty()) object.text("outcome", entry.outcome);
  object.value("item", entry.item);
  if (entry.abandoned) object.boolean("abandoned", true);
  object.close();
}

void write_pending(std::string& out, const Definition& definition, const Pending& pending) {
  ObjectWriter object(out);
  object.text("step", definition.at(pending.step).id);
  object.number("run", pending.run);
  object.number("phase", static_cast<int>(pending.phase));
  object.number("wait", static_cast<int>(pending.wait));
  object.number("attempt", pending.attempt);
  object.number("failures", pending.failures);
  object.boolean("possiblyExecuted", pending.possibly_executed);
  object.boolean("stillWorking", pending.still_working);
  object.value("body", pending.body);
  object.time("begun", pending.begun);
  object.time("since", pending.since);
  object.time("until", pending.until);
  if (!pending.last_error.empty()) object.text("lastError", pending.last_error);
  if (!pending.address.empty()) object.text("address", pending.address);
  object.value("item", pending.item);
  if (pending.redeliveries > 0) object.number("redeliveries", pending.redeliveries);
  if (pending.abandoned) object.boolean("abandoned", true);
  if (pending.remake) object.boolean("remake", true);
  object.value("forwardBody", pending.forward_body);
  if (!pending.forward_address.empty()) object.text("forwardAddress", pending.forward_address);
  object.close();
}

void write_unwind(std::string& out, const Definition& definition, const Unwind& unwind) {
  ObjectWriter object(out);
  object.number("cause", static_cast<int>(unwind.cause));
  object.text("reason", unwind.reason);
  if (unwind.target) object.text("target", definition.at(*unwind.target).name);
  object.boolean("finished", unwind.finished);
  object.close();
}

void write_runs(std::string& out, const Definition& definition, const Instance& instance) {
  ObjectWriter object(out);
  for (const auto& [step, runs] : instance.unlogged_runs)
    object.number(definition.at(step).id, runs);
  object.close();
}

template <class Range, class Write>
void write_array(std::string& out, const Range& range, Write write) {
  out += '[';
  bool first = true;
  for (const auto& item : range) {
    if (!first) out += ',';
    first = false;
    write(item);
  }
  out += ']';
}

void write_parking(std::string& out, const Definition& definition, const Parking& parking) {
  ObjectWriter object(out);
  object.text("reason", parking.reason);
  object.text("source", definition.at(parking.source).name);
  if (parking.target) object.text("target", definition.at(*parking.target).name);
  object.close();
}

void write_timer(std::string& out, const Definition& definition, const RunningTimer& timer) {
  ObjectWriter object(out);
  object.text("state", definition.at(timer.state).name);
  object.number("ordinal", timer.ordinal);
  object.time("due", timer.due);
  if (timer.expired) object.boolean("expired", true);
  object.close();
}

void write_kept(std::string& out, const Definition& definition, const KeptEvent& kept) {
  ObjectWriter object(out);
  object.text("event", definition.at(kept.event));
  if (!kept.code.empty()) object.text("code", kept.code);
  object.value("payload", kept.payload);
  object.time("at", kept.at);
  if (kept.deferred) object.boolean("deferred", true);
  object.close();
}

void write_loop(std::string& out, const Loop& loop) {
  ObjectWriter object(out);
  object.value("items", loop.items);
  object.number("firstRun", loop.first_run);
  object.number("begun", loop.begun);
  object.number("done", loop.done);
  object.value("outputs", loop.outputs);
  object.close();
}

void write_parent(std::string& out, const Parent& parent) {
  ObjectWriter object(out);
  object.text("saga", parent.saga.value);
  object.text("step", parent.step);
  object.number("run", parent.run);
  object.close();
}

/// What only some sagas have is only written for them.
void write_waiting(ObjectWriter& object, std::string& out, const Definition& definition,
                   const Instance& saga) {
  if (!saga.timers.empty())
    write_array(object.raw("timers"), saga.timers,
                [&](const RunningTimer& timer) { write_timer(out, definition, timer); });
  if (!saga.kept.empty())
    write_array(object.raw("kept"), saga.kept,
                [&](const KeptEvent& kept) { write_kept(out, definition, kept); });
  if (saga.parking) {
    object.raw("parking");
    write_parking(out, definition, *saga.parking);
  }
  if (!saga.locks.empty()) {
    object.raw("locks") += json(saga.locks).dump();
    object.boolean("locked", saga.locked);
  }
  if (!saga.correlations.empty()) {
    object.raw("correlations");
    ObjectWriter keys(out);
    for (const auto& [signal, key] : saga.correlations) keys.text(signal, key);
    keys.close();
  }
}

void write_regions(ObjectWriter& object, std::string& out, const Definition& definition,
                   const Instance& saga) {
  if (!saga.histories.empty()) {
    object.raw("histories");
    ObjectWriter histories(out);
    for (const auto& [region, left] : saga.histories)
      histories.text(definition.at(region).name, definition.at(left).name);
    histories.close();
  }
  if (!saga.loops.empty()) {
    object.raw("loops");
    ObjectWriter loops(out);
    for (const auto& [step, loop] : saga.loops) {
      loops.raw(definition.at(step).id);
      write_loop(out, loop);
    }
    loops.close();
  }
}

void write_identity(ObjectWriter& object, const Instance& instance) {
  object.number("key", number(instance.key));
  object.text("id", instance.id.value);
  object.text("definition", instance.definition.name);
  object.number("version", instance.definition.version);
  object.text("businessKey", instance.business_key);
  if (!instance.tags.empty()) object.raw("tags") += json(instance.tags).dump();
  object.value("input", instance.input);
  object.value("data", instance.data);
  object.time("created", instance.created);
  object.time("updated", instance.updated);
  if (instance.deadline) object.time("deadline", *instance.deadline);
  if (instance.ended) object.time("ended", *instance.ended);
  object.value("output", instance.output);
  object.value("error", instance.error);
  if (instance.parent) {
    std::string parent;
    write_parent(parent, *instance.parent);
    object.raw("parent") += parent;
  }
  object.number("revision", instance.revision);
}

}  // namespace

std::string encode_instance(const Definition& definition, const Instance& instance) {
  std::string out;
  out.reserve(1024);
  ObjectWriter object(out);
  write_identity(object, instance);
  object.text("status", name_of(instance.status));
  write_array(object.raw("active"), instance.active,
              [&](StateIndex state) { append_json_string(out, definition.at(state).name); });
  write_array(object.raw("log"), instance.log,
              [&](const LogEntry& entry) { write_entry(out, definition, entry); });
  write_array(object.raw("pending"), instance.pending,
              [&](const Pending& pending) { write_pending(out, definition, pending); });
  if (!instance.unlogged_runs.empty()) {
    object.raw("unloggedRuns");
    write_runs(out, definition, instance);
  }
  if (instance.unwind) {
    object.raw("unwind");
    write_unwind(out, definition, *instance.unwind);
  }
  object.boolean("pivotPassed", instance.pivot_passed);
  object.boolean("deadlinePassed", instance.deadline_passed);
  if (!instance.stuck_reason.empty()) object.text("stuckReason", instance.stuck_reason);
  write_waiting(object, out, definition, instance);
  write_regions(object, out, definition, instance);
  object.close();
  return out;
}

}  // namespace skald
