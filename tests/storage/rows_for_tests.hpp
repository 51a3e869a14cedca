#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "engine/orchestrator/store.hpp"

namespace skald::test {

/// 2026-11-21, plus `offset` milliseconds.
[[nodiscard]] inline Timestamp at(std::int64_t offset) {
  return Timestamp(Duration(1'795'219'200'000 + offset));
}

/// A saga with the given key; its id is "saga-<key>", it was created at(key) and is running.
[[nodiscard]] inline SagaRow saga(std::int64_t key) {
  SagaRow row;
  row.key = SagaKey{key};
  row.id.value = "saga-" + std::to_string(key);
  row.definition = {"transfer", 1};
  row.business_key = "order-" + std::to_string(key);
  row.status = Status::running;
  row.created = at(key);
  row.updated = at(key);
  row.revision = 1;
  row.instance = "{\"key\":" + std::to_string(key) + "}";
  row.due = at(key + 1000);
  row.keep = static_cast<Keep>(key % 3);
  return row;
}

[[nodiscard]] inline SagaRow saga(std::int64_t key, Status status) {
  SagaRow row = saga(key);
  row.status = status;
  if (is_end(status)) row.ended = at(key + 1);
  return row;
}

[[nodiscard]] inline HistoryRow history(std::int64_t key, std::int64_t revision) {
  return {SagaKey{key}, revision, at(revision), "[\"" + std::to_string(revision) + "\"]"};
}

[[nodiscard]] inline RequestRow request(std::string key, std::int64_t of) {
  return {std::move(key), 0xffff'ffff'0000'0001ULL + static_cast<std::uint64_t>(of), SagaKey{of},
          at(of), R"({"of":)" + std::to_string(of) + "}"};
}

/// Version `version` of the definition `name`, registered at(version).
[[nodiscard]] inline DefinitionRow definition(std::string name, std::uint32_t version) {
  const std::string text = std::to_string(version);
  return {{std::move(name), version}, "hash-" + text, "{\"version\":" + text + "}", at(version)};
}

/// The stored definitions, in the order in which they are visited.
[[nodiscard]] inline std::vector<DefinitionRow> definitions(Store& store) {
  std::vector<DefinitionRow> rows;
  const auto visited =
      store.writer().for_each_definition([&](const DefinitionRow& row) { rows.push_back(row); });
  if (!visited) throw std::runtime_error(visited.error().message);
  return rows;
}

inline Result<void> commit(Store& store, const Batch& batch) {
  return store.writer().commit(store.writer().epoch(), batch);
}

/// The keys of rows, in their order.
[[nodiscard]] inline std::vector<std::int64_t> keys(const std::vector<SagaRow>& rows) {
  std::vector<std::int64_t> numbers;
  for (const SagaRow& row : rows) numbers.push_back(number(row.key));
  return numbers;
}

}  // namespace skald::test
