#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <string_view>

#include "tests/storage/rows_for_tests.hpp"
#include "tests/storage/store_contract.hpp"

namespace skald::test {

inline void must_commit(Store& store, const Batch& batch) {
  const auto committed = commit(store, batch);
  REQUIRE_MESSAGE(committed.ok(), (committed ? "" : committed.error().message));
}

inline void must_refuse(Store& store, const Batch& batch, ErrorCode code, std::string_view about) {
  const auto committed = commit(store, batch);
  REQUIRE_FALSE(committed.ok());
  CHECK(committed.error().code == code);
  CHECK_MESSAGE(committed.error().message.find(about) != std::string::npos,
                committed.error().message);
}

/// Runs `test` on a fresh store of each backend.
inline void on_each(const std::function<void(const Backend&)>& test) {
  for (const BackendFactory& make : backends()) {
    const Backend backend = make();
    INFO("backend: " << backend.name);
    test(backend);
  }
}

inline void on_each_store(const std::function<void(Store&)>& test) {
  on_each([&](const Backend& backend) { test(*backend.open()); });
}

}  // namespace skald::test
