#include "tests/examples/http_client.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace skald::examples_test {

namespace {

class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connect(std::uint16_t port, std::chrono::milliseconds patience) const {
    timeval limit{};
    limit.tv_sec = patience.count() / 1000;
    limit.tv_usec = (patience.count() % 1000) * 1000;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  bool send(const std::string& text) const {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// Everything until the server closes; nothing on a time-out or a broken connection.
  std::optional<std::string> receive() const {
    std::string all;
    char buffer[8192];
    while (true) {
      const ssize_t count = ::recv(fd_, buffer, sizeof buffer, 0);
      if (count == 0) return all;
      if (count < 0) return std::nullopt;
      all.append(buffer, static_cast<std::size_t>(count));
    }
  }

 private:
  int fd_;
};

}  // namespace

std::optional<Reply> ask(std::uint16_t port, const std::string& method, const std::string& target,
                         const nlohmann::json& body, const HeaderFields& headers,
                         std::chrono::milliseconds patience) {
  const std::string content = body.is_null() ? "" : body.dump();
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  text += "Connection: close\r\nContent-Type: application/json\r\nContent-Length: " +
          std::to_string(content.size()) + "\r\n\r\n" + content;
  const Socket socket;
  if (!socket.connect(port, patience) || !socket.send(text)) return std::nullopt;
  const auto received = socket.receive();
  if (!received || !received->starts_with("HTTP/1.1 ")) return std::nullopt;
  const auto head_end = received->find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  Reply reply{std::stoi(received->substr(9, 3)), nullptr};
  reply.body = nlohmann::json::parse(received->substr(head_end + 4), nullptr, false);
  return reply;
}

HeaderFields attempt(const std::string& saga, const std::string& step, const std::string& phase,
                     int number) {
  return {{"Saga-Id", saga},
          {"Saga-Definition", "test@1"},
          {"Saga-Step", step},
          {"Saga-Phase", phase},
          {"Saga-Attempt", std::to_string(number)},
          {"Idempotency-Key", "\"" + saga + "/" + step + "/" + phase + "\""}};
}

}  // namespace skald::examples_test
