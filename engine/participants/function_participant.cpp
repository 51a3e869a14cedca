#include "engine/participants/function_participant.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/model/invariant.hpp"
#include "engine/participants/outcome_of.hpp"
#include "engine/participants/safe_text.hpp"

namespace skald {

namespace {

using SteadyClock = std::chrono::steady_clock;

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

/// A thread, and the call it runs now.
struct Worker {
  std::shared_ptr<Job> job;
  SteadyClock::time_point limit = SteadyClock::time_point::max();  ///< when the call is over time
  std::jthread thread;
};

}  // namespace

struct FunctionParticipant::Impl {
  Impl(int worker_count, std::size_t the_queue_max)
      : queue_max(the_queue_max), workers(static_cast<std::size_t>(std::max(worker_count, 1))) {}

  const std::size_t queue_max;
  std::mutex mutex;
  // Guarded by mutex: the queue, what did not fit into it, the workers' jobs and limits.
  std::condition_variable_any ready;
  std::deque<std::shared_ptr<Job>> queue;
  std::vector<std::shared_ptr<Job>> refused;
  std::vector<Worker> workers;

  /// Ends calls that the workers cannot end: those over their time, and those that did not fit
  /// into the queue, whose outcome must not come from inside invoke(). It sleeps until the first of
  /// the limits it has seen, so that a call which begins costs it nothing.
  std::condition_variable_any overdue;
  SteadyClock::time_point wakes = SteadyClock::time_point::max();
  std::jthread timekeeper;
  std::mutex stop_mutex;

  ~Impl() { stop(); }
  void work(Worker& me, const std::stop_token& stopping);
  void keep_time(const std::stop_token& stopping);
  [[nodiscard]] std::vector<std::shared_ptr<Job>> take_overdue();
  [[nodiscard]] bool enqueue(const std::shared_ptr<Job>& job);
  void stop();
};

void FunctionParticipant::Impl::work(Worker& me, const std::stop_token& stopping) {
  std::unique_lock lock(mutex);
  while (true) {
    me.job.reset();
    me.limit = SteadyClock::time_point::max();
    ready.wait(lock, stopping, [this] { return !queue.empty(); });
    if (stopping.stop_requested()) return;
    const auto job = me.job = std::move(queue.front());
    queue.pop_front();
    me.limit = SteadyClock::now() + job->invocation.timeout;
    if (me.limit < wakes) overdue.notify_one();
    lock.unlock();
    job->end(call(*job));
    lock.lock();
  }
}

void FunctionParticipant::Impl::keep_time(const std::stop_token& stopping) {
  std::unique_lock lock(mutex);
  while (!stopping.stop_requested()) {
    auto refusals = std::exchange(refused, {});
    auto late = take_overdue();
    if (!refusals.empty() || !late.empty()) {
      lock.unlock();
      for (const auto& job : refusals)
        job->end(Unknown{.reason = "queue full", .possibly_executed = false, .counted = false});
      for (const auto& job : late) job->end(timed_out(*job));
      lock.lock();
      continue;
    }
    const auto something = [&] {
      return !refused.empty() ||
             std::any_of(workers.begin(), workers.end(),
                         [&](const Worker& worker) { return worker.limit < wakes; });
    };
    if (wakes == SteadyClock::time_point::max())
      overdue.wait(lock, stopping, something);
    else
      overdue.wait_until(lock, stopping, wakes, something);
  }
}

/// Notes when the next call will be over its time.
std::vector<std::shared_ptr<Job>> FunctionParticipant::Impl::take_overdue() {
  std::vector<std::shared_ptr<Job>> late;
  const auto now = SteadyClock::now();
  wakes = SteadyClock::time_point::max();
  for (Worker& worker : workers) {
    if (worker.limit <= now) {
      late.push_back(worker.job);
      worker.limit = SteadyClock::time_point::max();
    }
    wakes = std::min(wakes, worker.limit);
  }
  return late;
}

bool FunctionParticipant::Impl::enqueue(const std::shared_ptr<Job>& job) {
  const std::scoped_lock lock(mutex);
  const bool fits = queue.size() < queue_max;
  if (fits)
    queue.push_back(job);
  else
    refused.push_back(job);
  return fits;
}

void FunctionParticipant::Impl::stop() {
  const std::scoped_lock lock(stop_mutex);
  for (auto& worker : workers) worker.thread.request_stop();
  for (auto& worker : workers)
    if (worker.thread.joinable()) worker.thread.join();
  timekeeper = {};
}

FunctionParticipant::FunctionParticipant(int workers, std::size_t queue_max)
    : impl_(std::make_unique<Impl>(workers, queue_max)) {
  Impl& me = *impl_;
  me.timekeeper = std::jthread([&me](const std::stop_token& stopping) { me.keep_time(stopping); });
  for (Worker& worker : me.workers)
    worker.thread = std::jthread(
        [&me, &worker](const std::stop_token& stopping) { me.work(worker, stopping); });
}

FunctionParticipant::~FunctionParticipant() = default;

void FunctionParticipant::invoke(const Operation& operation, Invocation invocation,
                                 OnOutcome on_outcome) {
  invariant(std::holds_alternative<FunctionTarget>(operation.target),
            "an operation that is no function was sent to the functions");
  auto job = std::make_shared<Job>(operation, std::move(invocation), std::move(on_outcome));
  const bool fits = impl_->enqueue(job);
  (fits ? impl_->ready : impl_->overdue).notify_one();
}

void FunctionParticipant::stop() { impl_->stop(); }

}  // namespace skald
