#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/model/codec.hpp"
#include "engine/model/history.hpp"

namespace skald::test {

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

Definition definition() {
  Definition made;
  made.ref = {"trip", 3};
  made.states = {{.name = "A"}, {.name = "B"}};
  made.steps = {{.id = "book"}, {.id = "pay"}};
  return made;
}

/// Every member has a value of its own.
Instance full() {
  Instance saga;
  saga.key = SagaKey{42};
  saga.id = SagaId{"saga \"1\"\n"};
  saga.definition = {"trip", 3};
  saga.business_key = "me";
  saga.tags = {{"region", "eu"}, {"x", ""}};
  saga.input = Json::from_stored(R"({"a":[1,"é"]})");
  saga.data = Json::from_stored(R"({"n":1})");
  saga.status = Status::stuck;
  saga.active = {StateIndex{1}, StateIndex{0}};
  saga.log = {{.step = StepIndex{1},
               .run = 2,
               .confirmed = false,
               .input = Json::from_stored("1"),
               .output = Json::from_stored("2"),
               .undo = UndoState::skipped,
               .at = Timestamp{5ms}},
              {.step = StepIndex{0}, .undo = UndoState::undone_by_hand, .at = Timestamp{-5ms}}};
  saga.pending = {{.step = StepIndex{1},
                   .run = 3,
                   .phase = Phase::undo,
                   .wait = Pending::Wait::hand,
                   .attempt = 4,
                   .failures = 5,
                   .possibly_executed = true,
                   .still_working = true,
                   .body = Json::from_stored("[]"),
                   .begun = Timestamp{6ms},
                   .since = Timestamp{7ms},
                   .until = Timestamp{8ms},
                   .last_error = "HTTP 503"}};
  saga.unlogged_runs = {{StepIndex{0}, 2}};
  saga.unwind = Unwind{UnwindCause::deadline, "late", StateIndex{1}, true};
  saga.pivot_passed = true;
  saga.deadline_passed = true;
  saga.stuck_reason = "no one knows";
  saga.created = Timestamp{1ms};
  saga.updated = Timestamp{2ms};
  saga.deadline = Timestamp{3ms};
  saga.ended = Timestamp{4ms};
  saga.revision = 77;
  return saga;
}

/// The same saga as programs before schema version 4 stored it.
json older() {
  return json::parse(R"({
    "key": 42, "id": "saga \"1\"\n", "definition": "trip", "version": 3, "businessKey": "me",
    "tags": {"region": "eu", "x": ""}, "input": {"a": [1, "é"]}, "data": {"n": 1},
    "created": 1, "updated": 2, "deadline": 3, "ended": 4, "revision": 77, "status": "stuck",
    "active": ["B", "A"],
    "log": [
      {"step": "pay", "run": 2, "confirmed": false, "input": 1, "output": 2, "undo": 3, "at": 5},
      {"step": "book", "run": 1, "confirmed": true, "undo": 2, "at": -5}],
    "pending": [
      {"step": "pay", "run": 3, "phase": 1, "wait": 2, "attempt": 4, "failures": 5,
       "possiblyExecuted": true, "stillWorking": true, "body": [], "begun": 6, "since": 7,
       "until": 8, "lastError": "HTTP 503"}],
    "unloggedRuns": {"book": 2},
    "unwind": {"cause": 3, "reason": "late", "target": "B", "finished": true},
    "pivotPassed": true, "deadlinePassed": true, "stuckReason": "no one knows"})");
}

std::string refusal(const json& stored) {
  const auto read = decode_instance(definition(), stored.dump());
  if (read.ok()) return "accepted";
  CHECK(read.error().code == ErrorCode::storage_unreadable);
  CHECK_FALSE(read.error().hint.empty());
  return read.error().message;
}

TEST_CASE("a stored saga reads back as it was, member by member") {
  const auto read = decode_instance(definition(), encode_instance(definition(), full()));
  REQUIRE(read.ok());
  const Instance& saga = *read;
  CHECK(saga.key == SagaKey{42});
  CHECK(saga.id.value == "saga \"1\"\n");
  CHECK(saga.definition == DefinitionRef{"trip", 3});
  CHECK(saga.tags == full().tags);
  CHECK(saga.input == full().input);
  CHECK(saga.data == full().data);
  CHECK(saga.status == Status::stuck);
  CHECK(saga.active == full().active);
  REQUIRE(saga.log.size() == 2);
  CHECK(saga.log[0].step == StepIndex{1});
  CHECK(saga.log[0].run == 2);
  CHECK_FALSE(saga.log[0].confirmed);
  CHECK(saga.log[0].undo == UndoState::skipped);
  CHECK(saga.log[1].at == Timestamp{-5ms});
  CHECK(saga.log[1].output.is_null());
  REQUIRE(saga.pending.size() == 1);
  CHECK(saga.pending[0].phase == Phase::undo);
  CHECK(saga.pending[0].wait == Pending::Wait::hand);
  CHECK(saga.pending[0].attempt == 4);
  CHECK(saga.pending[0].failures == 5);
  CHECK(saga.pending[0].possibly_executed);
  CHECK(saga.pending[0].still_working);
  CHECK(saga.pending[0].until == Timestamp{8ms});
  CHECK(saga.pending[0].last_error == "HTTP 503");
  CHECK(saga.unlogged_runs == full().unlogged_runs);
  REQUIRE(saga.unwind);
  CHECK(saga.unwind->cause == UnwindCause::deadline);
  CHECK(saga.unwind->target == StateIndex{1});
  CHECK(saga.unwind->finished);
  CHECK(saga.pivot_passed);
  CHECK(saga.deadline_passed);
  CHECK(saga.stuck_reason == "no one knows");
  CHECK(saga.ended == Timestamp{4ms});
  CHECK(saga.revision == 77);
  CHECK(encode_instance(definition(), saga) == encode_instance(definition(), full()));
}

TEST_CASE("a stored saga names states and steps, so that they may move in the next build") {
  const std::string stored = encode_instance(definition(), full());
  Definition moved = definition();
  std::swap(moved.states[0], moved.states[1]);
  moved.steps.insert(moved.steps.begin(), {.id = "new"});
  const auto read = decode_instance(moved, stored);
  REQUIRE(read.ok());
  CHECK(read->active == std::vector{StateIndex{0}, StateIndex{1}});
  CHECK(read->log[0].step == StepIndex{2});
  CHECK(encode_instance(moved, *read) == stored);
}

TEST_CASE("every value of every choice survives") {
  for (int status = 0; status <= static_cast<int>(Status::terminated); ++status)
    for (int cause = 0; cause <= static_cast<int>(UnwindCause::compensate); ++cause)
      for (int undo = 0; undo <= static_cast<int>(UndoState::skipped); ++undo) {
        Instance saga = full();
        saga.status = static_cast<Status>(status);
        saga.unwind->cause = static_cast<UnwindCause>(cause);
        saga.log.set_undo(0, static_cast<UndoState>(undo));
        const auto read = decode_instance(definition(), encode_instance(definition(), saga));
        REQUIRE(read.ok());
        CHECK(read->status == saga.status);
        CHECK(read->unwind->cause == saga.unwind->cause);
        CHECK(read->log[0].undo == saga.log[0].undo);
      }
}

TEST_CASE("a saga in the older form reads back as the same") {
  const auto read = decode_instance(definition(), older().dump());
  REQUIRE(read.ok());
  CHECK(encode_instance(definition(), *read) == encode_instance(definition(), full()));
}

TEST_CASE("what the history holds is stored as its place, and read from there") {
  Instance saga = full();
  saga.input_at = {1, 0};
  saga.log.change_all([](LogEntry& entry) {
    if (entry.input.is_null()) return;
    entry.input_at = {3, 2};
    entry.output_at = {4, 0};
  });
  saga.pending[0].body_at = {5, 1};
  const auto stored = encode_instance(definition(), saga, RecordForm::for_store);
  CHECK(stored.size() < encode_instance(definition(), saga).size());
  std::vector<HistoryPlace> asked;
  const auto read = decode_instance(definition(), stored, [&](HistoryPlace place) {
    asked.push_back(place);
    return Result<Json>(Json::from_stored(std::to_string(place.revision)));
  });
  REQUIRE(read.ok());
  CHECK(asked == std::vector<HistoryPlace>{{1, 0}, {3, 2}, {4, 0}, {5, 1}});
  CHECK(read->input.text() == "1");
  CHECK(read->log[0].output.text() == "4");
  CHECK(read->data == saga.data);
  CHECK(read->id.value.empty());
  // Read and stored again, it is the same record: no value moves into it.
  CHECK(encode_instance(definition(), *read, RecordForm::for_store) == stored);
  CHECK_FALSE(decode_instance(definition(), stored).ok());
  const auto lost = decode_instance(definition(), stored, [](HistoryPlace) {
    return Result<Json>(Error{ErrorCode::storage_unreadable, "no such revision", {}, {}});
  });
  REQUIRE_FALSE(lost.ok());
  CHECK(lost.error().message == "A stored saga cannot be read: no such revision");
}

TEST_CASE("names the definition does not have are refused by name") {
  const auto stored = encode_instance(definition(), full());
  Definition other = definition();
  other.states[1].name = "C";
  CHECK(decode_instance(other, stored).error().message ==
        "A stored saga cannot be read: the definition has no state 'B'");
  other = definition();
  other.steps[1].id = "fly";
  CHECK(decode_instance(other, stored).error().message ==
        "A stored saga cannot be read: the definition has no step 'pay'");
}

TEST_CASE("names in the older form that the definition does not have are refused by name") {
  const json stored = older();
  const auto with = [&](const char* pointer, json value) {
    json changed = stored;
    changed[json::json_pointer(pointer)] = std::move(value);
    return refusal(changed);
  };
  CHECK(with("/active/0", "Nowhere") ==
        "A stored saga cannot be read: the definition has no state 'Nowhere'");
  CHECK(with("/log/0/step", "fly") ==
        "A stored saga cannot be read: the definition has no step 'fly'");
  CHECK(with("/pending/0/step", "fly") != "accepted");
  CHECK(with("/unwind/target", "Nowhere") != "accepted");
  CHECK(with("/unloggedRuns", {{"fly", 1}}) != "accepted");
  CHECK(with("/status", "sleeping") != "accepted");
  CHECK(with("/log/0/undo", 4) == "A stored saga cannot be read: undo is 4");
  CHECK(with("/pending/0/wait", -1) == "A stored saga cannot be read: wait is -1");
}

TEST_CASE("a stored saga from which a member is missing is refused") {
  const json stored = older();
  const std::vector<std::string> optional{"tags",  "input",  "data",        "deadline",
                                          "ended", "unwind", "stuckReason", "unloggedRuns"};
  for (const auto& member : stored.items()) {
    json changed = stored;
    changed.erase(member.key());
    const bool may_miss =
        std::find(optional.begin(), optional.end(), member.key()) != optional.end();
    CHECK_MESSAGE((refusal(changed) == "accepted") == may_miss, member.key());
  }
}

TEST_CASE("a stored saga in which a member has another type is refused") {
  const json stored = older();
  for (const auto& member : stored.items()) {
    const std::string& name = member.key();
    const json& value = member.value();
    if (name == "input" || name == "data") continue;
    for (const json& wrong :
         {json("text"), json(1.5), json(true), json::array({1}), json({{"x", 1}}), json(nullptr)}) {
      if (wrong.type() == value.type()) continue;
      json changed = stored;
      changed[name] = wrong;
      CHECK_MESSAGE(refusal(changed) != "accepted", name, " = ", wrong.dump());
    }
  }
}

TEST_CASE("counts are not negative, fractional or too large") {
  const json stored = older();
  for (const char* pointer :
       {"/version", "/log/0/run", "/pending/0/attempt", "/pending/0/failures"})
    for (const json& wrong : {json(-1), json(1.5), json(std::uint64_t{1} << 32)}) {
      json changed = stored;
      changed[json::json_pointer(pointer)] = wrong;
      CHECK_MESSAGE(refusal(changed) != "accepted", pointer, " = ", wrong.dump());
    }
}

/// Cut at every place and changed at every place.
std::vector<std::string> damaged(const std::string& stored) {
  std::vector<std::string> all;
  for (std::size_t size = 0; size < stored.size(); ++size) all.push_back(stored.substr(0, size));
  for (std::size_t i = 0; i < stored.size(); ++i)
    for (const char damage : {'\0', '"', '}', '9', '\xff'}) {
      if (stored[i] == damage) continue;
      all.push_back(stored);
      all.back()[i] = damage;
    }
  return all;
}

TEST_CASE("a damaged record is refused, wherever it is cut or changed") {
  for (const auto& record : damaged(encode_instance(definition(), full()))) {
    const auto read = decode_instance(definition(), record);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == ErrorCode::storage_unreadable);
  }
}

TEST_CASE("a damaged record of the older form never ends the process") {
  for (const auto& record : damaged(older().dump())) {
    // Some changes leave a text that is right; reading it must only not fail badly.
    const auto read = decode_instance(definition(), record);
    if (read.ok()) CHECK_FALSE(encode_instance(definition(), *read).empty());
  }
}

std::vector<HistoryEntry> history() {
  return {{.kind = HistoryKind::called,
           .step = "book",
           .phase = Phase::forward,
           .attempt = 2,
           .state = "A",
           .message = "to \"book\"",
           .until = Timestamp{1'000ms},
           .payload = Json::from_stored(R"({"a":1})")},
          {.kind = HistoryKind::migrated}};
}

void check_same(const std::vector<HistoryEntry>& read) {
  REQUIRE(read.size() == 2);
  CHECK(read[0].kind == HistoryKind::called);
  CHECK(read[0].step == "book");
  CHECK(read[0].phase == Phase::forward);
  CHECK(read[0].attempt == 2);
  CHECK(read[0].state == "A");
  CHECK(read[0].message == "to \"book\"");
  CHECK(read[0].until == Timestamp{1'000ms});
  CHECK(read[0].payload.text() == R"({"a":1})");
  CHECK(read[1].kind == HistoryKind::migrated);
  CHECK_FALSE(read[1].phase.has_value());
  CHECK_FALSE(read[1].until.has_value());
  CHECK(read[1].payload.is_null());
}

TEST_CASE("a stored history reads back as it was, in the older form too") {
  check_same(*decode_history(encode_history(history())));
  check_same(*decode_history(
      R"([{"kind":"called","step":"book","phase":"forward","attempt":2,"state":"A",)"
      R"("message":"to \"book\"","until":"1970-01-01T00:00:01.000Z","payload":{"a":1}},)"
      R"({"kind":"migrated"}])"));
}

TEST_CASE("a damaged history is refused") {
  for (const auto& stored : damaged(encode_history(history()))) {
    const auto read = decode_history(stored);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == ErrorCode::storage_unreadable);
  }
  CHECK_FALSE(decode_history(R"([{"kind":"unheard of"}])").ok());
  CHECK_FALSE(decode_history("[").ok());
}

}  // namespace

}  // namespace skald::test
