#include "engine/participants/http_participants.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "engine/participants/http_pool.hpp"

namespace skald {

namespace asio = boost::asio;

namespace {

/// One I/O thread. All work of a pool is done on one loop, so that pools need no locks.
struct Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = make_work_guard(context);
  std::jthread thread;

  void start() {
    thread = std::jthread([this] { context.run(); });
  }
  void stop() {
    context.stop();
    if (thread.joinable()) thread.join();
  }
};

}  // namespace

struct HttpParticipants::Impl {
  struct Entry {
    Loop* loop;
    std::unique_ptr<HttpPool> pool;
  };

  Secrets secrets;
  // Pools go before the loops whose contexts their sockets use.
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<Entry> entries;  ///< in the order of configuration
  std::map<std::string, std::size_t, std::less<>> by_name;
  std::mutex stop_mutex;

  ~Impl() { stop(); }
  Loop& add_loop() { return *loops.emplace_back(std::make_unique<Loop>()); }
  void add(HttpParticipantOptions options, std::size_t shared_loops, const WallClock& now);
  [[nodiscard]] Failed not_configured(const std::string& name) const;
  void stop();
};

void HttpParticipants::Impl::add(HttpParticipantOptions options, std::size_t shared_loops,
                                 const WallClock& now) {
  const auto base = parse_base_url(options.base_url, options.allow_any_host);
  const bool own_loop = base.ok() && base->needs_lookup;
  Loop& loop = own_loop ? add_loop() : *loops[entries.size() % shared_loops];
  by_name.emplace(options.name, entries.size());
  entries.push_back(
      {&loop, std::make_unique<HttpPool>(std::move(options), loop.context, now, secrets)});
}

Failed HttpParticipants::Impl::not_configured(const std::string& name) const {
  std::string known;
  for (const auto& [other, index] : by_name) known += (known.empty() ? "" : ", ") + other;
  const std::string hint = known.empty() ? "none is configured" : "configured are: " + known;
  return {.code = "participant_not_configured",
          .message = "There is no participant '" + name + "'; " + hint + ".",
          .defect = true,
          .details = {}};
}

void HttpParticipants::Impl::stop() {
  const std::scoped_lock lock(stop_mutex);
  for (const auto& loop : loops) loop->stop();
  for (const Entry& entry : entries) entry.pool->close();
}

Result<std::unique_ptr<HttpParticipants>> HttpParticipants::start(
    std::vector<HttpParticipantOptions> participants, int threads, const WallClock& now,
    Secrets secrets) {
  if (const auto checked = check_participants(participants); !checked) return checked.error();
  try {
    auto impl = std::make_unique<Impl>();
    impl->secrets = std::move(secrets);
    const std::size_t shared_loops = static_cast<std::size_t>(std::max(threads, 1));
    for (std::size_t i = 0; i < shared_loops; ++i) impl->add_loop();
    for (auto& options : participants) impl->add(std::move(options), shared_loops, now);
    for (const auto& loop : impl->loops) loop->start();
    return std::make_unique<HttpParticipants>(std::move(impl));
  } catch (const std::exception& failure) {
    return Error{ErrorCode::internal,
                 std::string("Cannot start the I/O threads for participants: ") + failure.what(),
                 "Look at the limits of threads and open files of this process.",
                 {}};
  }
}

HttpParticipants::HttpParticipants(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpParticipants::~HttpParticipants() = default;

void HttpParticipants::invoke(const Operation& operation, Invocation invocation,
                              OnOutcome on_outcome) {
  const auto* target = std::get_if<HttpTarget>(&operation.target);
  invariant(target != nullptr, "an operation without HTTP target was sent over HTTP");
  const auto found = impl_->by_name.find(target->participant);
  if (found == impl_->by_name.end()) {
    asio::post(impl_->loops.front()->context,
               [told = std::move(on_outcome),
                outcome = impl_->not_configured(target->participant)] { told(outcome); });
    return;
  }
  const Impl::Entry& entry = impl_->entries[found->second];
  AnswerRules rules = answer_rules(operation, std::exchange(invocation.retry, nullptr));
  asio::post(entry.loop->context,
             [pool = entry.pool.get(),
              call = HttpCall{*target, std::move(rules), std::move(invocation),
                              std::move(on_outcome)}]() mutable { pool->submit(std::move(call)); });
}

void HttpParticipants::stop() { impl_->stop(); }

std::vector<HttpParticipantSnapshot> HttpParticipants::snapshot() const {
  std::vector<HttpParticipantSnapshot> all;
  all.reserve(impl_->entries.size());
  for (const Impl::Entry& entry : impl_->entries) all.push_back(entry.pool->snapshot());
  return all;
}

}  // namespace skald
