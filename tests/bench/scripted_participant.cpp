#include "tests/bench/scripted_participant.hpp"

#include <iterator>

namespace skald::bench {

ScriptedParticipant::ScriptedParticipant(Script script)
    : script_(std::move(script)), thread_([this] { work(); }) {}

ScriptedParticipant::~ScriptedParticipant() { ScriptedParticipant::stop(); }

void ScriptedParticipant::invoke(const Operation&, Invocation invocation, OnOutcome on_outcome) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(invocation), std::move(on_outcome)});
  if (waiting_.size() == 1) changed_.notify_all();
}

void ScriptedParticipant::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::size_t ScriptedParticipant::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

bool ScriptedParticipant::wait_for_held(std::size_t count, std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return held_.size() >= count; });
}

void ScriptedParticipant::release(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
  waiting_.insert(waiting_.end(), std::make_move_iterator(held_.begin()),
                  std::make_move_iterator(held_.end()));
  held_.clear();
  changed_.notify_all();
}

void ScriptedParticipant::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    if (stopped_) return;
    auto calls = std::exchange(waiting_, {});
    const auto script = script_;
    lock.unlock();
    answer(std::move(calls), script);
    lock.lock();
  }
}

void ScriptedParticipant::answer(std::vector<Call> calls, const Script& script) {
  std::vector<Call> kept;
  for (auto& call : calls) {
    auto outcome = script(call.invocation);
    if (outcome)
      call.on_outcome(std::move(*outcome));
    else
      kept.push_back(std::move(call));
  }
  if (kept.empty()) return;
  const std::lock_guard lock(mutex_);
  held_.insert(held_.end(), std::make_move_iterator(kept.begin()),
               std::make_move_iterator(kept.end()));
  changed_.notify_all();
}

}  // namespace skald::bench
