#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/server/server.hpp"

namespace boost::asio {
class io_context;
}

namespace skald::http {

class Connection;

/// The open connections of a server. Owns them: a connection waiting for its handler has nothing
/// else that keeps it. Every member may be called from any thread.
class Roster {
 public:
  void add(std::shared_ptr<Connection> connection);
  void remove(const Connection* connection);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const;
  void wait_until_empty(std::chrono::milliseconds at_most) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable emptied_;
  std::unordered_map<const Connection*, std::shared_ptr<Connection>> open_;
};

/// What the connections of one server share. Lives until the last connection is gone, which may be
/// after the server, when another thread is just giving an answer.
struct Service {
  std::shared_ptr<boost::asio::io_context> io;
  ServerOptions options;
  Handler handler;
  Roster roster;
  std::atomic<std::size_t> admitted{0};  ///< open connections within connections_max
  std::atomic<bool> draining{false};

  void report(std::string_view what) const {
    if (options.on_defect) options.on_defect(what);
  }
};

}  // namespace skald::http
