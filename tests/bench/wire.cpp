#include "tests/bench/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>

#include "engine/model/invariant.hpp"

namespace skald::bench {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// The connected socket, or -1.
int try_to_connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return socket;
  close(socket);
  return -1;
}

std::size_t number_in(std::string_view digits) {
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

std::optional<Message> message_in(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return {};
  const auto head = bytes.substr(0, end + 2);
  const auto length = number_in(field_in(head, "Content-Length"));
  const auto size = end + 4 + length;
  if (bytes.size() < size) return {};
  return Message{head, bytes.substr(end + 4, length), size};
}

std::string_view field_in(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const auto value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
    return value.starts_with(' ') ? value.substr(1) : value;
  }
  return {};
}

std::string_view second_word(std::string_view head) {
  const auto begin = head.find(' ') + 1;
  return head.substr(begin, head.find_first_of(" \r", begin) - begin);
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return {};
  const auto digits = text.substr(at + name.size());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{}) return {};
  return number;
}

std::string answer_text(int status, std::string_view body) {
  std::string text =
      "HTTP/1.1 " + std::to_string(status) + (status < 300 ? " OK" : " Refused") +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n";
  return text.append(body);
}

std::string request_text(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view fields) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  if (!body.empty())
    text.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n");
  return text.append(fields).append("\r\n").append(body);
}

Listening listen_on_loopback() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  invariant(bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                listen(socket, SOMAXCONN) == 0 &&
                getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0,
            "a loopback port is free");
  return {socket, ntohs(address.sin_port)};
}

bool is_served(std::uint16_t port) {
  const int socket = try_to_connect(port);
  if (socket >= 0) close(socket);
  return socket >= 0;
}

std::uint16_t free_port() {
  const auto listening = listen_on_loopback();
  close(listening.socket);
  return listening.port;
}

int connect_to(std::uint16_t port) {
  const int socket = try_to_connect(port);
  invariant(socket >= 0, "a server of the benchmark can be reached");
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return socket;
}

}  // namespace skald::bench
