#include "examples/services/service/worker.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace skald::services {

namespace {
using Clock = std::chrono::steady_clock;
}

struct Worker::Impl {
  std::mutex mutex;
  std::condition_variable changed;
  std::multimap<Clock::time_point, Job> jobs;  // equal times keep the order they came in
  bool finishing = false;
  bool finished = false;
  std::thread thread;

  /// The next job, once it is due; none when all is done.
  Job next() {
    std::unique_lock lock(mutex);
    while (true) {
      if (jobs.empty() && finishing) {
        finished = true;
        return {};
      }
      if (jobs.empty()) {
        changed.wait(lock);
        continue;
      }
      const auto due = jobs.begin()->first;
      if (finishing || due <= Clock::now()) return std::move(jobs.extract(jobs.begin()).mapped());
      changed.wait_until(lock, due);
    }
  }
};

Worker::Worker() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::thread([impl = impl_.get()] {
    while (const Job job = impl->next()) job();
  });
}

Worker::~Worker() { finish(); }

bool Worker::add(Job job, std::chrono::milliseconds wait) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->finished) return false;
    impl_->jobs.emplace(Clock::now() + wait, std::move(job));
  }
  impl_->changed.notify_one();
  return true;
}

void Worker::finish() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->finishing = true;
  }
  impl_->changed.notify_one();
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace skald::services
