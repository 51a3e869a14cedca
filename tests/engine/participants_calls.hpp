#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/participants/http_participants.hpp"
#include "tests/engine/participants_fake_peer.hpp"

namespace skald::test {

/// Collects outcomes from other threads.
class Outcomes {
 public:
  OnOutcome receiver() {
    return [this](Outcome outcome) {
      const std::scoped_lock lock(mutex_);
      received_.push_back(std::move(outcome));
      changed_.notify_all();
    };
  }
  /// The outcomes so far, after waiting until there are `count`, or for `patience`.
  std::vector<Outcome> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return received_.size() >= count; });
    return received_;
  }
  [[nodiscard]] std::size_t count() const {
    const std::scoped_lock lock(mutex_);
    return received_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Outcome> received_;
};

inline constexpr Timestamp fixed_now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};

inline Operation http_operation(std::string participant = "peer", std::string path = "/debits") {
  return {"debit-source", HttpTarget{std::move(participant), "POST", std::move(path)}, {}};
}

inline Invocation invocation(Duration timeout = patience) {
  return {.saga = {"s-1"},
          .definition = {"money-transfer", 3},
          .step = "debit",
          .phase = Phase::forward,
          .attempt = 2,
          .idempotency_key = "s-1/debit/forward",
          .body = Json::from_stored(R"({"amount":5})"),
          .timeout = timeout};
}

inline HttpParticipantOptions options_for(const FakePeer& peer, std::string name = "peer") {
  return {.name = std::move(name), .base_url = peer.url() + "/base"};
}

inline std::unique_ptr<HttpParticipants> start_http(std::vector<HttpParticipantOptions> options,
                                                    int threads = 1) {
  auto started = HttpParticipants::start(std::move(options), threads, [] { return fixed_now; });
  return std::move(started).value();
}

/// The outcome of one attempt, waited for; an Unknown that says so when it does not come.
inline Outcome call(Participant& participant, const Operation& operation = http_operation(),
                    Invocation attempt = invocation()) {
  Outcomes outcomes;
  participant.invoke(operation, std::move(attempt), outcomes.receiver());
  const auto received = outcomes.wait(1);
  if (received.empty()) return Unknown{"the test waited in vain", {}, true};
  return received.front();
}

/// The outcome of one attempt at a peer that plays `script`.
inline Outcome outcome_at(FakePeer::Script script, Duration timeout = patience) {
  FakePeer peer(std::move(script));
  const auto http = start_http({options_for(peer)});
  return call(*http, http_operation(), invocation(timeout));
}

inline std::string reason_of(const Outcome& outcome) {
  const auto* unknown = std::get_if<Unknown>(&outcome);
  return unknown == nullptr ? "not an Unknown" : unknown->reason;
}

/// Whether `outcome` is Unknown and leaves open that the operation took effect.
inline bool may_have_run(const Outcome& outcome) {
  const auto* unknown = std::get_if<Unknown>(&outcome);
  return unknown != nullptr && unknown->possibly_executed;
}

/// Whether `outcome` is Unknown but says that the operation certainly did not take effect.
inline bool certainly_not_run(const Outcome& outcome) {
  const auto* unknown = std::get_if<Unknown>(&outcome);
  return unknown != nullptr && !unknown->possibly_executed;
}

}  // namespace skald::test
