#include "http/api/agenda.hpp"

#include <exception>

#include "engine/orchestrator/clock.hpp"
#include "engine/orchestrator/log.hpp"

namespace skald::http {

namespace {

/// A task that throws (such as std::bad_alloc) loses its own answer, not the thread.
void run(const Agenda::Task& task) {
  try {
    task();
  } catch (const std::exception& thrown) {
    log::error("answering a request failed", {{"why", thrown.what()}});
  }
}

}  // namespace

Agenda::Agenda() : thread_([this] { work(); }) {}

Agenda::~Agenda() { close(); }

void Agenda::soon(Task task) { at(steady_now(), std::move(task)); }

Agenda::Entry Agenda::at(Time due, Task task) {
  std::unique_lock lock(mutex_);
  const Entry entry{due, next_number_++};
  if (closed_) {
    lock.unlock();
    run(task);
    return entry;
  }
  const auto place = tasks_.emplace(entry, std::move(task)).first;
  if (place == tasks_.begin()) changed_.notify_one();
  return entry;
}

void Agenda::cancel(const Entry& entry) {
  Task dropped;  // destroyed after the lock is gone: what it holds may take time to destroy
  const std::lock_guard lock(mutex_);
  const auto place = tasks_.find(entry);
  if (place == tasks_.end()) return;
  dropped = std::move(place->second);
  tasks_.erase(place);
}

void Agenda::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

/// The next task that is due; empty when the agenda is closed and nothing is left.
Agenda::Task Agenda::take(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (tasks_.empty()) {
      if (closed_) return {};
      changed_.wait(lock);
      continue;
    }
    const auto first = tasks_.begin();
    const Time due = first->first.due;
    if (closed_ || due <= steady_now()) {
      Task task = std::move(first->second);
      tasks_.erase(first);
      return task;
    }
    changed_.wait_until(lock, due);
  }
}

void Agenda::work() {
  std::unique_lock lock(mutex_);
  while (auto task = take(lock)) {
    lock.unlock();
    run(task);
    task = nullptr;  // what it holds goes before the lock comes back
    lock.lock();
  }
}

}  // namespace skald::http
