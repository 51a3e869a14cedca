#include "engine/participants/http_pool.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <list>
#include <vector>

#include "engine/participants/http_connection.hpp"
#include "engine/participants/http_headers.hpp"
#include "engine/participants/http_request.hpp"
#include "engine/participants/outcome_of.hpp"

namespace skald {

namespace asio = boost::asio;

namespace {

/// The numbers of a snapshot, written by the pool's thread and read by any.
struct Gauges {
  std::atomic<std::size_t> in_flight = 0, waiting = 0, idle = 0;
  std::atomic<std::uint64_t> done = 0, failed = 0, unknown = 0, still_working = 0;

  void count(const Outcome& outcome) {
    std::atomic<std::uint64_t>* const counters[] = {&done, &failed, &unknown, &still_working};
    static_assert(std::variant_size_v<Outcome> == std::size(counters));
    static_assert(std::is_same_v<std::variant_alternative_t<2, Outcome>, Unknown>);
    ++*counters[outcome.index()];
  }
};

BaseUrl require_base(const HttpParticipantOptions& options) {
  auto base = parse_base_url(options.base_url, options.allow_any_host);
  invariant(base.ok(), "a pool for a participant that was not checked");
  return std::move(base).value();
}

/// Sending it again would fail again: a defect of the definition, or of how the node was started.
Failed cannot_send(const Error& error) {
  const bool no_secret = error.code == ErrorCode::not_found;
  return {.code = no_secret ? "secret_not_configured" : "invalid_target",
          .message = error.message + " " + error.hint,
          .defect = true,
          .details = {}};
}

}  // namespace

struct HttpPool::Impl {
  struct Waiting {
    HttpConnection::Request request;
    AnswerRules rules;
    OnOutcome on_outcome;
  };
  struct Busy {
    std::unique_ptr<HttpConnection> connection;
    AnswerRules rules;
    OnOutcome on_outcome;
  };
  struct Idle {
    std::unique_ptr<HttpConnection> connection;
    bool seen_by_reaper = false;
  };

  Impl(HttpParticipantOptions the_options, asio::io_context& the_context, WallClock the_clock,
       const Secrets& the_secrets)
      : options(std::move(the_options)),
        base(require_base(options)),
        now(std::move(the_clock)),
        secrets(the_secrets),
        context(the_context),
        reaper(the_context) {}

  const HttpParticipantOptions options;
  const BaseUrl base;
  const WallClock now;
  const Secrets& secrets;
  asio::io_context& context;
  std::list<Busy> busy;
  std::deque<Waiting> waiting;
  std::vector<Idle> idle;  ///< the last used one at the end
  asio::steady_timer reaper;
  bool reaper_runs = false;
  Gauges gauges;

  void submit(HttpCall call);
  void begin(Waiting call);
  void finish(std::list<Busy>::iterator entry, const HttpConnection::Ended& ended);
  [[nodiscard]] std::unique_ptr<HttpConnection> connection();
  [[nodiscard]] Outcome outcome(const HttpConnection::Ended& ended, const AnswerRules& rules) const;
  void deliver(const OnOutcome& on_outcome, Outcome outcome);
  void keep(std::unique_ptr<HttpConnection> connection);
  void reap_later();
  void reap();
  void publish();
};

void HttpPool::Impl::submit(HttpCall call) {
  auto text = request_text(base, call.target, call.invocation, secrets);
  if (!text) return deliver(call.on_outcome, cannot_send(text.error()));
  Waiting next{{.text = std::move(text).value(),
                .is_head = call.target.method == "HEAD",
                .timeout = call.invocation.timeout},
               std::move(call.rules),
               std::move(call.on_outcome)};
  if (busy.size() < options.concurrent_max) {
    begin(std::move(next));
  } else if (waiting.size() < options.queue_max) {
    waiting.push_back(std::move(next));
  } else {
    const std::string reason = "participant '" + options.name +
                               "' is overloaded: " + std::to_string(busy.size()) + " in flight, " +
                               std::to_string(waiting.size()) + " waiting";
    deliver(next.on_outcome,
            Unknown{.reason = reason, .possibly_executed = false, .counted = false});
  }
  publish();
}

void HttpPool::Impl::begin(Waiting call) {
  const auto entry =
      busy.insert(busy.end(), {connection(), std::move(call.rules), std::move(call.on_outcome)});
  entry->connection->exchange(std::move(call.request),
                              [this, entry](const auto& ended) { finish(entry, ended); });
}

void HttpPool::Impl::finish(std::list<Busy>::iterator entry, const HttpConnection::Ended& ended) {
  Busy exchange = std::move(*entry);
  busy.erase(entry);
  if (exchange.connection->reusable()) keep(std::move(exchange.connection));
  if (!waiting.empty()) {
    Waiting next = std::move(waiting.front());
    waiting.pop_front();
    begin(std::move(next));
  }
  publish();
  deliver(exchange.on_outcome, outcome(ended, exchange.rules));
}

std::unique_ptr<HttpConnection> HttpPool::Impl::connection() {
  while (!idle.empty()) {
    auto last = std::move(idle.back().connection);
    idle.pop_back();
    if (last->is_open_and_silent()) return last;
  }
  const AnswerLimits limits{.header_bytes = options.response_header_bytes_max,
                            .body_bytes = options.response_bytes_max};
  return std::make_unique<HttpConnection>(context, base, limits);
}

Outcome HttpPool::Impl::outcome(const HttpConnection::Ended& ended,
                                const AnswerRules& rules) const {
  if (const auto* none = std::get_if<NoAnswer>(&ended)) return outcome_of(*none, rules);
  const JsonLimits limits{.depth = options.json_depth_max, .size = options.response_bytes_max};
  return outcome_of(std::get<HttpAnswer>(ended), rules, limits, now());
}

void HttpPool::Impl::deliver(const OnOutcome& on_outcome, Outcome outcome) {
  gauges.count(outcome);
  on_outcome(std::move(outcome));
}

void HttpPool::Impl::keep(std::unique_ptr<HttpConnection> connection) {
  idle.push_back({std::move(connection)});
  if (!reaper_runs) reap_later();
}

void HttpPool::Impl::reap_later() {
  reaper_runs = true;
  // Each connection is seen idle twice before it goes, so it is closed after half the limit to the
  // whole of it, and one timer does for all.
  reaper.expires_after(options.idle_max / 2);
  reaper.async_wait([this](const boost::system::error_code& failure) {
    if (!failure) reap();
  });
}

void HttpPool::Impl::reap() {
  std::erase_if(idle, [](const Idle& entry) { return entry.seen_by_reaper; });
  for (Idle& entry : idle) entry.seen_by_reaper = true;
  reaper_runs = false;
  if (!idle.empty()) reap_later();
  publish();
}

void HttpPool::Impl::publish() {
  gauges.in_flight = busy.size();
  gauges.waiting = waiting.size();
  gauges.idle = idle.size();
}

HttpPool::HttpPool(HttpParticipantOptions options, asio::io_context& context, WallClock now,
                   const Secrets& secrets)
    : impl_(std::make_unique<Impl>(std::move(options), context, std::move(now), secrets)) {}

HttpPool::~HttpPool() = default;

void HttpPool::submit(HttpCall call) { impl_->submit(std::move(call)); }

void HttpPool::close() {
  impl_->busy.clear();
  impl_->waiting.clear();
  impl_->idle.clear();
  impl_->publish();
}

HttpParticipantSnapshot HttpPool::snapshot() const {
  const Gauges& gauges = impl_->gauges;
  return {.name = impl_->options.name,
          .base_url = impl_->options.base_url,
          .in_flight = gauges.in_flight,
          .waiting = gauges.waiting,
          .idle_connections = gauges.idle,
          .done = gauges.done,
          .failed = gauges.failed,
          .unknown = gauges.unknown,
          .still_working = gauges.still_working};
}

}  // namespace skald
