#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/participants/http_options.hpp"
#include "engine/participants/participant.hpp"
#include "engine/participants/secrets.hpp"

namespace skald {

/// The wall clock, for the dates of Retry-After. Called from I/O threads.
using WallClock = std::function<Timestamp()>;

/// What goes on at one participant; the counters run since the start.
struct HttpParticipantSnapshot {
  std::string name;
  std::string base_url;
  std::size_t in_flight = 0;         ///< requests on their way now
  std::size_t waiting = 0;           ///< calls waiting for a place in the limit
  std::size_t idle_connections = 0;  ///< kept alive, without a request
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;  ///< calls refused by the limit included
  std::uint64_t still_working = 0;
};

/// Calls participants over HTTP/1.1, on kept-alive connections and its own threads.
///
/// Each participant has its own limit, queue and connections, so a slow or dead one delays no
/// other. Redirects are never followed. An attempt is one request: nothing is repeated in here.
class HttpParticipants : public Participant {
 public:
  /// Starts `threads` I/O threads, at least 1, and one more for each participant whose host is a
  /// DNS name, since looking one up can block. Connects only when called. `secrets` are what the
  /// headers of targets may name.
  ///
  /// Error: invalid_argument as check_participants(); internal when the system gives no threads.
  [[nodiscard]] static Result<std::unique_ptr<HttpParticipants>> start(
      std::vector<HttpParticipantOptions> participants, int threads, const WallClock& now,
      Secrets secrets = {});

  /// Stops, if stop() has not been called; waits for a DNS lookup that is under way.
  ~HttpParticipants() override;
  HttpParticipants(const HttpParticipants&) = delete;
  HttpParticipants& operator=(const HttpParticipants&) = delete;

  /// `operation.target` must be an HttpTarget. The outcome comes on an I/O thread; `on_outcome`
  /// must neither throw nor block. A participant that is not configured is Failed, as a defect,
  /// with code "participant_not_configured"; one over its limit is Unknown and certainly not
  /// executed. What cannot be sent is Failed, as a defect: with code "secret_not_configured" when a
  /// header names a secret that is not there, else with code "invalid_target".
  void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) override;

  /// May be called twice, but not from an `on_outcome`. Requests in flight are cut off.
  void stop() override;

  /// In the order of configuration; from any thread.
  [[nodiscard]] std::vector<HttpParticipantSnapshot> snapshot() const;

  struct Impl;
  explicit HttpParticipants(std::unique_ptr<Impl> impl);  ///< for start()

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald
