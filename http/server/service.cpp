#include "http/server/service.hpp"

namespace skald::http {

void Roster::add(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  const auto* key = connection.get();
  open_.emplace(key, std::move(connection));
}

void Roster::remove(const Connection* connection) {
  std::shared_ptr<Connection> last;  // released after the lock: it may be the only owner
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(connection);
  if (found == open_.end()) return;
  last = std::move(found->second);
  open_.erase(found);
  if (open_.empty()) emptied_.notify_all();
}

std::size_t Roster::size() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

std::vector<std::shared_ptr<Connection>> Roster::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connection>> connections;
  connections.reserve(open_.size());
  for (const auto& [key, connection] : open_) connections.push_back(connection);
  return connections;
}

void Roster::wait_until_empty(std::chrono::milliseconds at_most) const {
  std::unique_lock lock(mutex_);
  emptied_.wait_for(lock, at_most, [&] { return open_.empty(); });
}

}  // namespace skald::http
