#pragma once

#include <vector>

#include "engine/orchestrator/store.hpp"

namespace skald {

/// Hears of every commit; for live views, which may never show what is not durable.
class CommitListener {
 public:
  virtual ~CommitListener() = default;

  /// The rows that a commit has made durable, each saga at most once. Called in the order of
  /// commits, on the orchestrator's thread: it must be quick, most of all when nobody looks.
  virtual void on_committed(std::vector<SagaRow> moved) = 0;
};

}  // namespace skald
