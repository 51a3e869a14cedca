#include "engine/participants/function_participant.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/model/invariant.hpp"
#include "engine/participants/outcome_of.hpp"
#include "engine/participants/safe_text.hpp"

namespace skald {

namespace asio = boost::asio;

namespace {

/// A call on its way; whoever ends it first, the function or its timeout, gives the outcome.
struct Job {
  Job(const Operation& operation, Invocation the_invocation, OnOutcome the_receiver)
      : target(std::get<FunctionTarget>(operation.target)),
        rules(answer_rules(operation, std::exchange(the_invocation.retry, nullptr))),
        invocation(std::move(the_invocation)),
        on_outcome(std::move(the_receiver)) {}

  const FunctionTarget target;
  const AnswerRules rules;
  const Invocation invocation;
  const OnOutcome on_outcome;
  std::atomic_flag ended;

  void end(Outcome outcome) {
    if (!ended.test_and_set()) on_outcome(std::move(outcome));
  }
};

Outcome call(const Job& job) {
  try {
    return outcome_of_function(job.target.function(job.invocation), job.rules);
  } catch (const std::exception& failure) {
    return Unknown{safe_text(failure.what()), {}, true};
  } catch (...) {
    return Unknown{"the function threw something that is no std::exception", {}, true};
  }
}

Outcome timed_out(const Job& job) {
  const std::string limit = std::to_string(job.invocation.timeout.count());
  return outcome_of(
      NoAnswer{.why = NoAnswer::Why::timeout,
               .reason = "timeout after " + limit + " ms; the function is still running"},
      job.rules);
}

}  // namespace

struct FunctionParticipant::Impl {
  explicit Impl(std::size_t the_queue_max) : queue_max(the_queue_max) {}

  const std::size_t queue_max;
  std::mutex mutex;
  std::condition_variable_any ready;
  std::deque<std::shared_ptr<Job>> queue;  ///< guarded by mutex
  std::vector<std::jthread> workers;
  std::mutex stop_mutex;

  /// Ends calls that the workers cannot end: those over their time, and those that did not fit
  /// into the queue, whose outcome must not come from inside invoke().
  asio::io_context timekeeper{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = make_work_guard(timekeeper);
  std::jthread timekeeper_thread;

  ~Impl() { stop(); }
  void run(const std::stop_token& stopping);
  void perform(const std::shared_ptr<Job>& job);
  [[nodiscard]] bool enqueue(std::shared_ptr<Job> job);
  void stop();
};

void FunctionParticipant::Impl::run(const std::stop_token& stopping) {
  while (true) {
    std::unique_lock lock(mutex);
    ready.wait(lock, stopping, [this] { return !queue.empty(); });
    if (stopping.stop_requested()) return;
    const auto job = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    perform(job);
  }
}

void FunctionParticipant::Impl::perform(const std::shared_ptr<Job>& job) {
  asio::steady_timer limit(timekeeper, job->invocation.timeout);
  limit.async_wait([job](const boost::system::error_code& cancelled) {
    if (!cancelled) job->end(timed_out(*job));
  });
  job->end(call(*job));
}

bool FunctionParticipant::Impl::enqueue(std::shared_ptr<Job> job) {
  const std::scoped_lock lock(mutex);
  if (queue.size() >= queue_max) return false;
  queue.push_back(std::move(job));
  return true;
}

void FunctionParticipant::Impl::stop() {
  const std::scoped_lock lock(stop_mutex);
  for (auto& worker : workers) worker.request_stop();
  workers.clear();
  timekeeper.stop();
  if (timekeeper_thread.joinable()) timekeeper_thread.join();
}

FunctionParticipant::FunctionParticipant(int workers, std::size_t queue_max)
    : impl_(std::make_unique<Impl>(queue_max)) {
  Impl& me = *impl_;
  me.timekeeper_thread = std::jthread([&me] { me.timekeeper.run(); });
  for (int i = 0; i < std::max(workers, 1); ++i)
    me.workers.emplace_back([&me](const std::stop_token& stopping) { me.run(stopping); });
}

FunctionParticipant::~FunctionParticipant() = default;

void FunctionParticipant::invoke(const Operation& operation, Invocation invocation,
                                 OnOutcome on_outcome) {
  invariant(std::holds_alternative<FunctionTarget>(operation.target),
            "an operation that is no function was sent to the functions");
  auto job = std::make_shared<Job>(operation, std::move(invocation), std::move(on_outcome));
  if (impl_->enqueue(job)) return impl_->ready.notify_one();
  asio::post(impl_->timekeeper, [job] {
    job->end(Unknown{.reason = "queue full", .possibly_executed = false, .counted = false});
  });
}

void FunctionParticipant::stop() { impl_->stop(); }

}  // namespace skald
