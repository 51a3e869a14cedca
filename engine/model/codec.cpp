#include "engine/model/codec.hpp"

#include <nlohmann/json.hpp>
#include <utility>

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
    out_.append("\"").append(name).append("\":");
    return out_;
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

/// Reads the object back. Throws on what does not fit; decode_instance turns that into an Error.
class Reader {
 public:
  Reader(const Definition& definition, const json& object)
      : definition_(definition), object_(object) {}

  template <class T>
  T get(const char* name) const {
    return as<T>(name, object_.at(name));
  }
  /// Numbers that were never written (negative counts, fractions) are damage, not to be rounded.
  template <class T>
  static T as(const std::string& name, const json& value) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      const bool fits =
          value.is_number_unsigned()
              ? std::in_range<T>(value.get<std::uint64_t>())
              : value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
      if (!fits) throw std::out_of_range(name + " is " + value.dump());
    }
    return value.get<T>();
  }
  template <class Enum>
  Enum choice(const char* name, Enum last) const {
    const auto value = get<int>(name);
    if (value < 0 || value > static_cast<int>(last))
      throw std::out_of_range(std::string(name) + " is " + std::to_string(value));
    return static_cast<Enum>(value);
  }
  Json value(const char* name) const {
    return object_.contains(name) ? Json::from_stored(object_.at(name).dump()) : Json();
  }
  Timestamp time(const char* name) const { return Timestamp{Duration{get<std::int64_t>(name)}}; }
  std::optional<Timestamp> time_if_any(const char* name) const {
    if (!object_.contains(name)) return std::nullopt;
    return time(name);
  }
  StateIndex state(const std::string& name) const {
    if (const auto index = definition_.find_state(name)) return *index;
    throw std::out_of_range("the definition has no state '" + name + "'");
  }
  StepIndex step() const { return step(get<std::string>("step")); }
  StepIndex step(const std::string& id) const {
    if (const auto index = definition_.find_step(id)) return *index;
    throw std::out_of_range("the definition has no step '" + id + "'");
  }
  Reader inside(const json& object) const { return {definition_, object}; }
  const json& array(const char* name) const {
    if (!object_.at(name).is_array()) throw std::out_of_range(std::string(name) + " is no array");
    return object_.at(name);
  }
  const json& object(const char* name) const {
    if (!object_.at(name).is_object()) throw std::out_of_range(std::string(name) + " is no object");
    return object_.at(name);
  }
  bool has(const char* name) const { return object_.contains(name); }

 private:
  const Definition& definition_;
  const json& object_;
};

LogEntry read_entry(const Reader& reader) {
  LogEntry entry;
  entry.step = reader.step();
  entry.run = reader.get<std::uint32_t>("run");
  entry.confirmed = reader.get<bool>("confirmed");
  entry.input = reader.value("input");
  entry.output = reader.value("output");
  entry.undo = reader.choice("undo", UndoState::skipped);
  entry.at = reader.time("at");
  return entry;
}

Pending read_pending(const Reader& reader) {
  Pending pending;
  pending.step = reader.step();
  pending.run = reader.get<std::uint32_t>("run");
  pending.phase = reader.choice("phase", Phase::undo);
  pending.wait = reader.choice("wait", Pending::Wait::hand);
  pending.attempt = reader.get<std::uint32_t>("attempt");
  pending.failures = reader.get<std::uint32_t>("failures");
  pending.possibly_executed = reader.get<bool>("possiblyExecuted");
  pending.still_working = reader.get<bool>("stillWorking");
  pending.body = reader.value("body");
  pending.begun = reader.time("begun");
  pending.since = reader.time("since");
  pending.until = reader.time("until");
  if (reader.has("lastError")) pending.last_error = reader.get<std::string>("lastError");
  return pending;
}

Unwind read_unwind(const Reader& reader) {
  Unwind unwind;
  unwind.cause = reader.choice("cause", UnwindCause::compensate);
  unwind.reason = reader.get<std::string>("reason");
  if (reader.has("target")) unwind.target = reader.state(reader.get<std::string>("target"));
  unwind.finished = reader.get<bool>("finished");
  return unwind;
}

void read_identity(const Reader& reader, Instance& instance) {
  instance.key = SagaKey{reader.get<std::int64_t>("key")};
  instance.id = SagaId{reader.get<std::string>("id")};
  instance.definition = {reader.get<std::string>("definition"),
                         reader.get<std::uint32_t>("version")};
  instance.business_key = reader.get<std::string>("businessKey");
  if (reader.has("tags")) instance.tags = reader.get<std::map<std::string, std::string>>("tags");
  instance.input = reader.value("input");
  instance.data = reader.value("data");
  instance.created = reader.time("created");
  instance.updated = reader.time("updated");
  instance.deadline = reader.time_if_any("deadline");
  instance.ended = reader.time_if_any("ended");
  instance.revision = reader.get<std::int64_t>("revision");
}

Instance read_instance(const Reader& reader) {
  Instance instance;
  read_identity(reader, instance);
  const auto status = status_named(reader.get<std::string>("status"));
  if (!status) throw std::out_of_range("unknown status");
  instance.status = *status;
  for (const auto& name : reader.array("active"))
    instance.active.push_back(reader.state(name.get<std::string>()));
  for (const auto& entry : reader.array("log"))
    instance.log.push_back(read_entry(reader.inside(entry)));
  for (const auto& pending : reader.array("pending"))
    instance.pending.push_back(read_pending(reader.inside(pending)));
  if (reader.has("unloggedRuns"))
    for (const auto& [id, runs] : reader.object("unloggedRuns").items())
      instance.unlogged_runs[reader.step(id)] = Reader::as<std::uint32_t>(id, runs);
  if (reader.has("unwind")) instance.unwind = read_unwind(reader.inside(reader.object("unwind")));
  instance.pivot_passed = reader.get<bool>("pivotPassed");
  instance.deadline_passed = reader.get<bool>("deadlinePassed");
  if (reader.has("stuckReason")) instance.stuck_reason = reader.get<std::string>("stuckReason");
  return instance;
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
  object.close();
  return out;
}

Result<Instance> decode_instance(const Definition& definition, std::string_view text) {
  try {
    const json object = json::parse(text);
    return read_instance(Reader(definition, object));
  } catch (const std::exception& e) {
    return Error{ErrorCode::storage_unreadable,
                 std::string("A stored saga cannot be read: ") + e.what(),
                 "Register the definition version it was started with, or restore a backup.",
                 {}};
  }
}

}  // namespace skald
