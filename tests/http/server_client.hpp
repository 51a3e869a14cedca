#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/server/server.hpp"

namespace skald::http::test {

struct Answer {
  int status = 0;
  std::string head;  ///< status line and fields
  std::string body;

  /// The value of the field `name`, written as the server writes it.
  [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
};

/// A blocking TCP client that sends exactly the bytes it is given. What is not received within five
/// seconds counts as not received.
class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the server has closed.
  bool send(std::string_view bytes);
  /// Reads one answer by its Content-Length; status 0 when none comes. `head_only`: to HEAD.
  Answer receive(bool head_only = false);
  Answer exchange(std::string_view bytes);
  /// Everything up to and with `text`, as it comes; empty when that does not come.
  std::string receive_until(std::string_view text);
  /// True as soon as there is something to receive, or the end; false when the time is up.
  bool answered_within(std::chrono::milliseconds time);
  /// True when the server closes without sending anything more.
  bool closed_by_server();
  /// Sends no more, but still receives.
  void finish_sending();
  /// Closes with a reset, like a process that dies.
  void reset();

 private:
  bool fill();
  int descriptor_ = -1;
  std::string received_;
};

/// A server on a free loopback port for one test.
class TestServer {
 public:
  explicit TestServer(Handler handler, ServerOptions options = {});
  [[nodiscard]] std::uint16_t port() const { return port_; }
  Server& operator*() { return server_; }
  Server* operator->() { return &server_; }

 private:
  Server server_;
  std::uint16_t port_ = 0;
};

/// Answers 200 with "METHOD path?query|body".
void echo(Request request, Respond respond);

/// Asks again and again, for at most five seconds, until `holds`.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

/// A promise whose future gives up after five seconds instead of hanging the test program.
template <class T>
class Awaited {
 public:
  void set(T value) { promise_.set_value(std::move(value)); }
  std::optional<T> get() {
    auto future = promise_.get_future();
    if (future.wait_for(std::chrono::seconds(5)) != std::future_status::ready) return std::nullopt;
    return future.get();
  }

 private:
  std::promise<T> promise_;
};

}  // namespace skald::http::test
