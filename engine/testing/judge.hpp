#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/apply.hpp"
#include "engine/testing/world.hpp"

namespace skald::testing {

/// Holds a run against what a saga promises. It knows the definition, what the saga was told and
/// what is true at the participants, and nothing of how the core comes to its decisions.
///
/// The promises: one effect for an idempotency key, and the same request in every attempt; nothing
/// runs forward once the unwinding began, and nothing but retriable and readonly steps after it;
/// nothing is undone that cannot have run, and nothing after the pivot; undos come in the declared
/// order; an end is final and true: what is `compensated`, `cancelled` or `failed` has left no
/// effect, what is `completed` has every effect it was told of, and undid none of them.
class Judge {
 public:
  explicit Judge(const Definition& definition) : definition_(definition) {}

  /// After each event. `stale`: it must not have moved the saga.
  void decided(const Instance& before, const Decision& decision, bool stale);

  /// When nothing moves any more.
  void rested(const Instance& saga, const World& world);

  /// For what the run itself finds.
  void broke(std::string what);

  /// The broken promises, as sentences, in the order they were found.
  [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }

 private:
  struct Request {
    Json body;
    std::string address;
    std::uint32_t attempt = 0;
  };

  void broke(StepIndex step, const std::string& what);
  void called(const Instance& saga, const Call& call);
  void called_forward(const Instance& saga, const Call& call);
  void called_undo(const Instance& saga, const Call& call);
  void in_order(const Instance& saga, const LogEntry& entry);
  void deed(const Instance& saga, const Deed& deed);
  void completed(const Deed& deed, const LogEntry* entry);

  const Definition& definition_;
  std::map<std::string, Request> requests_;  ///< by idempotency key
  bool unwinding_ = false;                   ///< an unwinding began
  std::vector<std::string> broken_;
};

}  // namespace skald::testing
