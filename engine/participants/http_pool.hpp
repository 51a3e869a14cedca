#pragma once

#include <functional>
#include <memory>

#include "engine/participants/answer_rules.hpp"
#include "engine/participants/http_options.hpp"
#include "engine/participants/http_participants.hpp"

namespace boost::asio {
class io_context;
}

namespace skald {

/// One attempt that is to be made over HTTP.
struct HttpCall {
  HttpTarget target;
  AnswerRules rules;
  Invocation invocation;
  OnOutcome on_outcome;
};

/// The connections to one participant and the calls that wait for a place in its limit.
class HttpPool {
 public:
  /// `context` must outlive the pool and be run by one thread, `secrets` must outlive it and not
  /// change. `options` must have been checked.
  HttpPool(HttpParticipantOptions options, boost::asio::io_context& context, WallClock now,
           const Secrets& secrets);
  ~HttpPool();
  HttpPool(const HttpPool&) = delete;
  HttpPool& operator=(const HttpPool&) = delete;

  /// Begins the call, queues it or refuses it. On the context's thread; the outcome may come from
  /// inside this call.
  void submit(HttpCall call);

  /// Closes all connections and forgets all calls, without an outcome. After the context's thread
  /// has ended.
  void close();

  [[nodiscard]] HttpParticipantSnapshot snapshot() const;  ///< from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald
