#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace skald::test {

/// The longest a test waits for something that should happen at once.
inline constexpr std::chrono::seconds patience{20};

/// Holds threads back until it is opened, or for `patience`.
class Gate {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// A request as it came over the wire.
struct PeerRequest {
  int connection = 0;  ///< from 0, in the order of acceptance
  std::string head;    ///< request line and fields, with the empty line
  std::string body;

  /// The value of the first field `name`, which must be spelled as sent.
  [[nodiscard]] std::string field(const std::string& name) const {
    const std::string start = "\r\n" + name + ": ";
    const std::size_t at = head.find(start);
    if (at == head.npos) return {};
    const std::size_t begin = at + start.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// One accepted connection, for the script that plays the peer on it.
class PeerConnection {
 public:
  using Record = std::function<void(const PeerRequest&)>;

  PeerConnection(int fd, int number, Record record)
      : fd_(fd), number_(number), record_(std::move(record)) {}
  ~PeerConnection() {
    if (fd_ >= 0) ::close(fd_);
  }
  PeerConnection(const PeerConnection&) = delete;
  PeerConnection& operator=(const PeerConnection&) = delete;

  [[nodiscard]] int number() const { return number_; }

  /// The next request, or nothing when the client has closed the connection.
  std::optional<PeerRequest> read_request() {
    PeerRequest request{.connection = number_, .head = {}, .body = {}};
    while (received_.find("\r\n\r\n") == received_.npos)
      if (!read_more()) return std::nullopt;
    const std::size_t head_size = received_.find("\r\n\r\n") + 4;
    request.head = received_.substr(0, head_size);
    const std::string length = request.field("Content-Length");
    const std::size_t body_size = length.empty() ? 0 : std::stoul(length);
    while (received_.size() < head_size + body_size)
      if (!read_more()) return std::nullopt;
    request.body = received_.substr(head_size, body_size);
    received_.erase(0, head_size + body_size);
    record_(request);
    return request;
  }

  /// False when the client does not take it any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void close_for_sending() { ::shutdown(fd_, SHUT_WR); }

  /// Ends the connection as a process does that dies with unread data.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    const std::scoped_lock lock(fd_mutex_);
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd_);
    fd_ = -1;
  }

  /// Ends the connection in order. From any thread.
  void end() {
    const std::scoped_lock lock(fd_mutex_);
    if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
  }

  /// Whether the client closes within `limit`; what it sends meanwhile is dropped.
  bool client_closes(std::chrono::milliseconds limit = patience) {
    const timeval wait{.tv_sec = limit.count() / 1000,
                       .tv_usec = static_cast<suseconds_t>(limit.count() % 1000 * 1000)};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    char bytes[4096];
    ssize_t count = 0;
    do count = ::recv(fd_, bytes, sizeof bytes, 0);
    while (count > 0);
    return count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

 private:
  bool read_more() {
    char bytes[16 * 1024];
    const ssize_t count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  std::mutex fd_mutex_;
  int fd_;
  int number_;
  Record record_;
  std::string received_;
};

/// A listening socket on a free loopback port.
class Listener {
 public:
  explicit Listener(int backlog) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
    socklen_t size = sizeof address_;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size);
    ::listen(fd_, backlog);
  }
  ~Listener() { ::close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const sockaddr_in& address() const { return address_; }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port));
  }

 private:
  int fd_;
  sockaddr_in address_{};
};

/// A server that plays a script, in a thread of its own, on each connection.
class FakePeer {
 public:
  using Script = std::function<void(PeerConnection&)>;

  explicit FakePeer(Script script) : script_(std::move(script)), acceptor_([this] { accept(); }) {}

  ~FakePeer() {
    ::shutdown(listener_.fd(), SHUT_RDWR);
    acceptor_.join();
    for (auto& connection : open_) connection.end();
  }
  FakePeer(const FakePeer&) = delete;
  FakePeer& operator=(const FakePeer&) = delete;

  [[nodiscard]] std::string url() const { return listener_.url(); }

  [[nodiscard]] std::vector<PeerRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  /// Whether that many requests have come in the end.
  bool wait_for_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return requests_.size() >= count; });
  }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept() {
    while (true) {
      const int fd = ::accept(listener_.fd(), nullptr, nullptr);
      if (fd < 0) return;
      auto& connection = open_.emplace_back(fd, connections_++, [this](const PeerRequest& request) {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        changed_.notify_all();
      });
      threads_.emplace_back([this, &connection] {
        script_(connection);
        connection.end();
      });
    }
  }

  const Script script_;
  Listener listener_{128};
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<PeerRequest> requests_;  ///< guarded by mutex_
  std::list<PeerConnection> open_;     ///< used by the acceptor, and after it has ended
  std::list<std::jthread> threads_;
  std::jthread acceptor_;
};

/// The bytes of an answer; `fields` are whole lines, each with its CRLF.
inline std::string answer(int status, std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Any\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

/// A script that gives the same bytes to every request and keeps the connection open.
inline FakePeer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](PeerConnection& connection) {
    while (connection.read_request()) connection.send(bytes);
  };
}

}  // namespace skald::test
