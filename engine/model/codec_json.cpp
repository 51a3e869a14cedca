#include "engine/model/codec_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace skald {

namespace {

using nlohmann::json;

/// Reads the object back. Throws on what does not fit.
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
  EventIndex event(const std::string& name) const {
    if (const auto index = definition_.find_event(name)) return *index;
    throw std::out_of_range("the definition has no event '" + name + "'");
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
  std::string text_if_any(const char* name) const {
    return has(name) ? get<std::string>(name) : std::string{};
  }
  bool flag_if_any(const char* name) const { return has(name) && get<bool>(name); }

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
  entry.outcome = reader.text_if_any("outcome");
  entry.item = reader.value("item");
  entry.abandoned = reader.flag_if_any("abandoned");
  return entry;
}

Pending read_pending(const Reader& reader) {
  Pending pending;
  pending.step = reader.step();
  pending.run = reader.get<std::uint32_t>("run");
  pending.phase = reader.choice("phase", Phase::probe);
  pending.wait = reader.choice("wait", Pending::Wait::hand);
  pending.attempt = reader.get<std::uint32_t>("attempt");
  pending.failures = reader.get<std::uint32_t>("failures");
  pending.possibly_executed = reader.get<bool>("possiblyExecuted");
  pending.still_working = reader.get<bool>("stillWorking");
  pending.body = reader.value("body");
  pending.begun = reader.time("begun");
  pending.since = reader.time("since");
  pending.until = reader.time("until");
  pending.last_error = reader.text_if_any("lastError");
  pending.address = reader.text_if_any("address");
  pending.item = reader.value("item");
  if (reader.has("redeliveries")) pending.redeliveries = reader.get<std::uint32_t>("redeliveries");
  pending.abandoned = reader.flag_if_any("abandoned");
  pending.remake = reader.flag_if_any("remake");
  pending.forward_body = reader.value("forwardBody");
  pending.forward_address = reader.text_if_any("forwardAddress");
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

Parking read_parking(const Reader& reader) {
  Parking parking{reader.get<std::string>("reason"),
                  reader.state(reader.get<std::string>("source")), std::nullopt};
  if (reader.has("target")) parking.target = reader.state(reader.get<std::string>("target"));
  return parking;
}

RunningTimer read_timer(const Reader& reader) {
  return {reader.state(reader.get<std::string>("state")), reader.get<std::uint32_t>("ordinal"),
          reader.time("due"), reader.flag_if_any("expired")};
}

KeptEvent read_kept(const Reader& reader) {
  return {reader.event(reader.get<std::string>("event")), reader.text_if_any("code"),
          reader.value("payload"), reader.time("at"), reader.flag_if_any("deferred")};
}

Loop read_loop(const Reader& reader) {
  return {reader.value("items"), reader.get<std::uint32_t>("firstRun"),
          reader.get<std::uint32_t>("begun"), reader.get<std::uint32_t>("done"),
          reader.value("outputs")};
}

Parent read_parent(const Reader& reader) {
  return {SagaId{reader.get<std::string>("saga")}, reader.get<std::string>("step"),
          reader.get<std::uint32_t>("run")};
}

void read_waiting(const Reader& reader, Instance& saga) {
  if (reader.has("timers"))
    for (const auto& timer : reader.array("timers"))
      saga.timers.push_back(read_timer(reader.inside(timer)));
  if (reader.has("kept"))
    for (const auto& kept : reader.array("kept"))
      saga.kept.push_back(read_kept(reader.inside(kept)));
  if (reader.has("parking")) saga.parking = read_parking(reader.inside(reader.object("parking")));
  if (reader.has("locks")) {
    saga.locks = reader.get<std::vector<std::string>>("locks");
    saga.locked = reader.get<bool>("locked");
  }
  if (reader.has("correlations"))
    for (const auto& [signal, key] : reader.object("correlations").items())
      saga.correlations[signal] = key.get<std::string>();
}

void read_regions(const Reader& reader, Instance& saga) {
  if (reader.has("histories"))
    for (const auto& [region, left] : reader.object("histories").items())
      saga.histories[reader.state(region)] = reader.state(left.get<std::string>());
  if (reader.has("loops"))
    for (const auto& [step, loop] : reader.object("loops").items())
      saga.loops[reader.step(step)] = read_loop(reader.inside(loop));
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
  instance.output = reader.value("output");
  instance.error = reader.value("error");
  if (reader.has("parent")) instance.parent = read_parent(reader.inside(reader.object("parent")));
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
  instance.stuck_reason = reader.text_if_any("stuckReason");
  read_waiting(reader, instance);
  read_regions(reader, instance);
  return instance;
}

}  // namespace

Instance decode_json_instance(const Definition& definition, std::string_view text) {
  const json object = json::parse(text);
  return read_instance(Reader(definition, object));
}

}  // namespace skald
