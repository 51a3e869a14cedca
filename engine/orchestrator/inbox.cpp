#include "engine/orchestrator/inbox.hpp"

#include <iterator>

namespace skald {

bool Inbox::push(Command command, bool bounded) {
  {
    const std::lock_guard lock(mutex_);
    if (bounded && waiting_.size() >= max) return false;
    waiting_.push_back(std::move(command));
    if (waiting_.size() < enough_) return true;
  }
  arrived_.notify_one();
  return true;
}

std::vector<Command> Inbox::take(std::chrono::milliseconds patience, std::size_t count_max,
                                 std::size_t enough) {
  std::unique_lock lock(mutex_);
  enough_ = enough;
  arrived_.wait_for(lock, patience, [this] { return woken_ || waiting_.size() >= enough_; });
  enough_ = 1;
  woken_ = false;
  std::vector<Command> taken;
  if (waiting_.size() <= count_max) {
    taken.swap(waiting_);
    return taken;
  }
  const auto cut = waiting_.begin() + static_cast<std::ptrdiff_t>(count_max);
  taken.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(cut));
  waiting_.erase(waiting_.begin(), cut);
  return taken;
}

void Inbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  arrived_.notify_one();
}

std::size_t Inbox::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace skald
