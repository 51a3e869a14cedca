#include "tests/bench/peer_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <unordered_map>

#include "engine/model/invariant.hpp"
#include "tests/bench/child.hpp"

namespace skald::bench {

namespace {

struct Connection {
  std::string in;
  std::string out;
};

class Peer {
 public:
  Peer(const Listening& listening, const Answering& answering)
      : listening_(listening), answering_(answering) {
    watch(listening_.socket, EPOLLIN, EPOLL_CTL_ADD);
    watch(STDIN_FILENO, EPOLLIN, EPOLL_CTL_ADD);
  }
  ~Peer() { close(poll_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// True when the parent has something to say.
  bool turn() {
    std::array<epoll_event, 256> ready{};
    const int count = epoll_wait(poll_, ready.data(), ready.size(), -1);
    bool told = false;
    for (int i = 0; i < count; ++i) {
      const auto& event = ready[static_cast<std::size_t>(i)];
      if (event.data.fd == STDIN_FILENO)
        told = true;
      else if (event.data.fd == listening_.socket)
        accept_all();
      else
        serve(event.data.fd);
    }
    return told;
  }

 private:
  void watch(int fd, unsigned what, int how) const {
    epoll_event event{};
    event.events = what;
    event.data.fd = fd;
    epoll_ctl(poll_, how, fd, &event);
  }

  void accept_all() {
    for (;;) {
      const int fd = accept4(listening_.socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int yes = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      connections_.emplace(fd, Connection{});
      watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  void serve(int fd) {
    auto& connection = connections_.at(fd);
    std::array<char, 65536> bytes{};
    const auto size = recv(fd, bytes.data(), bytes.size(), 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) return drop(fd);
    if (size > 0) connection.in.append(bytes.data(), static_cast<std::size_t>(size));
    std::size_t used = 0;
    while (const auto request = message_in(std::string_view(connection.in).substr(used))) {
      used += request->size;
      if (auto answer = answering_(*request)) connection.out += *answer;
    }
    connection.in.erase(0, used);
    flush(fd, connection);
  }

  void flush(int fd, Connection& connection) {
    if (connection.out.empty()) return;
    const auto sent = send(fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return drop(fd);
    if (sent > 0) connection.out.erase(0, static_cast<std::size_t>(sent));
    watch(fd, connection.out.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
  }

  void drop(int fd) {
    close(fd);
    connections_.erase(fd);
  }

  const Listening& listening_;
  const Answering& answering_;
  const int poll_ = epoll_create1(EPOLL_CLOEXEC);
  std::unordered_map<int, Connection> connections_;
};

}  // namespace

void serve_until_told(const Listening& listening, const Answering& answering,
                      const std::function<void(const std::string&)>& told) {
  Peer peer(listening, answering);
  for (;;) {
    if (!peer.turn()) continue;
    const auto line = hear_parent();
    if (!line) return;
    told(*line);
  }
}

}  // namespace skald::bench
