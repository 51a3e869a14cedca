#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "engine/model/codec.hpp"
#include "engine/model/history.hpp"
#include "tests/engine/core_build.hpp"

/// The completion log of a saga with very many steps: what it counts, and where it is stored.
namespace skald::test {

namespace {

constexpr StepIndex turn{0}, other{1};
constexpr auto full = CompletionLog::chunk_size;

Definition definition(const char* first = "turn") {
  Build b;
  b.step(first);
  b.step("other");
  b.initial("On");
  return b.d;
}

LogEntry entry(std::size_t index) {
  return {.step = index % 10 == 9 ? other : turn,
          .run = static_cast<std::uint32_t>(index + 1),
          .confirmed = index % 7 != 6,
          .output = Json::from_stored(std::to_string(index)),
          .at = Timestamp{Duration{static_cast<std::int64_t>(index)}}};
}

Instance saga_of(std::size_t entries) {
  Instance saga;
  saga.active = {StateIndex{0}};
  for (std::size_t i = 0; i < entries; ++i) saga.log.push_back(entry(i));
  return saga;
}

/// The rows of a saga's history, as far as they hold parts of its log.
struct Rows {
  std::map<std::int64_t, std::string> rows;

  /// As one transition that is committed.
  std::string commit(Instance& saga, const Definition& of = definition()) {
    ++saga.revision;
    const auto chunks = saga.log.store_chunks(saga.revision);
    rows[saga.revision] =
        encode_history({{.kind = HistoryKind::retried}},
                       chunks.empty() ? std::string() : encode_chunks(of, saga.log, chunks));
    return encode_instance(of, saga, RecordForm::for_store);
  }
  [[nodiscard]] Result<Instance> read(const std::string& record,
                                      const Definition& of = definition()) const {
    return decode_instance(of, record, {}, [&](std::int64_t revision) -> Result<std::string> {
      const auto row = rows.find(revision);
      if (row == rows.end()) return Error{ErrorCode::internal, "no such row", {}, {}};
      return decode_chunks_in(row->second);
    });
  }
  [[nodiscard]] std::size_t holding() const {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const auto& row) {
      return !decode_chunks_in(row.second)->empty();
    }));
  }
};

std::string whole(const Instance& saga, const Definition& of = definition()) {
  Instance plain = saga;
  plain.revision = 0;
  return encode_instance(of, plain);
}

TEST_CASE("a log knows how often a step ran, and its latest entry that is confirmed") {
  Instance saga = saga_of(50);
  CHECK(saga.log.runs(turn) == 45);
  CHECK(saga.log.runs(other) == 5);
  CHECK(saga.log.runs(StepIndex{7}) == 0);
  CHECK(saga.log.latest(turn)->run == 48);
  CHECK(saga.log.latest(other)->run == 50);
  CHECK(saga.log.latest(StepIndex{7}) == nullptr);
  CHECK(saga.log.find(other, 20) == 19);
  CHECK_FALSE(saga.log.find(turn, 20).has_value());
  CHECK(saga.log.count(UndoState::standing) == 50);
  saga.log.abandon(3);
  saga.log.abandon(3);
  CHECK(saga.log.any_abandoned());
  saga.log.set_undo(3, UndoState::undone);
  CHECK(saga.log.count(UndoState::undone) == 1);
  CHECK_FALSE(saga.log.any_abandoned());
}

TEST_CASE("each part of a long log is written once, and the record does not grow with it") {
  Instance saga = saga_of(0);
  Rows rows;
  std::size_t early = 0, late = 0;
  for (std::size_t i = 0; i < 100 * full; ++i) {
    saga.log.push_back(entry(i));
    const auto size = rows.commit(saga).size();
    (i < 3 * full ? early : late) = std::max(i < 3 * full ? early : late, size);
  }
  CHECK(rows.holding() == 100);
  CHECK(late < early + 300);
  const auto read = rows.read(rows.commit(saga));
  REQUIRE_MESSAGE(read.ok(), read.error().message);
  CHECK(whole(*read) == whole(saga));
  CHECK(read->log.stored_chunks() == saga.log.stored_chunks());
  CHECK(rows.holding() == 100);
}

TEST_CASE("what is undone comes back into the record until it does not change any more") {
  Instance saga = saga_of(3 * full + 5);
  Rows rows;
  const auto before = rows.commit(saga);
  for (std::size_t i = saga.log.size(); i-- > 0;) {
    saga.log.set_undo(i, UndoState::undone);
    const auto record = rows.commit(saga);
    CHECK(record.size() < before.size() + 150 * full);
    const auto read = rows.read(record);
    REQUIRE_MESSAGE(read.ok(), read.error().message);
    REQUIRE(whole(*read) == whole(saga));
  }
  // The first commit took over three parts in one row; undoing rewrote each of them once.
  rows.commit(saga);
  CHECK(rows.holding() == 4);
  CHECK(rows.read(rows.commit(saga))->log.count(UndoState::undone) == saga.log.size());
}

TEST_CASE("by another definition every part is written again, under its names") {
  Instance saga = saga_of(2 * full);
  Rows rows;
  rows.commit(saga);
  const Definition renamed = definition("spin");
  saga.log.change_all([](LogEntry&) {});
  CHECK(saga.log.stored_chunks() == std::vector<std::int64_t>{0, 0});
  const auto record = rows.commit(saga, renamed);
  const auto read = rows.read(record, renamed);
  REQUIRE_MESSAGE(read.ok(), read.error().message);
  CHECK(whole(*read, renamed) == whole(saga, renamed));
  CHECK_FALSE(rows.read(record).ok());
}

TEST_CASE("a log of which a part is missing is refused, by old programs too") {
  Instance saga = saga_of(2 * full + 1);
  Rows rows;
  const auto short_one = rows.commit(saga);
  // Its form is a newer one.
  CHECK(short_one.front() == 2);
  CHECK(encode_instance(definition(), saga).front() == 1);
  CHECK(encode_instance(definition(), saga_of(3), RecordForm::for_store).front() == 1);
  CHECK_FALSE(decode_instance(definition(), short_one).ok());
  const auto nothing = decode_instance(definition(), short_one, {}, [](std::int64_t) {
    return Result<std::string>(Error{ErrorCode::internal, "no such row", {}, {}});
  });
  REQUIRE_FALSE(nothing.ok());
  CHECK(nothing.error().message == "A stored saga cannot be read: no such row");
  Rows other_saga;
  Instance shorter = saga_of(full);
  other_saga.commit(shorter);
  CHECK(rows.read(short_one).ok());
  CHECK_FALSE(other_saga.read(short_one).ok());
  std::string damaged = rows.rows.begin()->second;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] + 1);
  rows.rows.begin()->second = damaged;
  CHECK_FALSE(rows.read(short_one).ok());
}

}  // namespace

}  // namespace skald::test
