#include "tests/http/server_client.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace skald::http::test {

std::optional<std::string> Answer::field(std::string_view name) const {
  const auto start = head.find("\r\n" + std::string(name) + ": ");
  if (start == std::string::npos) return std::nullopt;
  const auto value = start + 2 + name.size() + 2;
  return head.substr(value, head.find("\r\n", value) - value);
}

Client::Client(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit{5, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* plain = reinterpret_cast<const sockaddr*>(&address);
  REQUIRE(::connect(descriptor_, plain, sizeof address) == 0);
}

Client::~Client() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::fill() {
  char buffer[16 * 1024];
  const auto count = ::recv(descriptor_, buffer, sizeof buffer, 0);
  if (count <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(count));
  return true;
}

Answer Client::receive(bool head_only) {
  auto end = received_.find("\r\n\r\n");
  for (; end == std::string::npos; end = received_.find("\r\n\r\n")) {
    if (!fill()) return {};
  }
  Answer answer;
  answer.head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  const auto length = head_only ? 0 : std::stoul(answer.field("Content-Length").value_or("0"));
  while (received_.size() < length) {
    if (!fill()) return {};
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

Answer Client::exchange(std::string_view bytes) {
  send(bytes);
  return receive();
}

std::string Client::receive_until(std::string_view text) {
  auto place = received_.find(text);
  for (; place == std::string::npos; place = received_.find(text)) {
    if (!fill()) return {};
  }
  const auto all = received_.substr(0, place + text.size());
  received_.erase(0, all.size());
  return all;
}

bool Client::answered_within(std::chrono::milliseconds time) {
  pollfd readable{descriptor_, POLLIN, 0};
  return !received_.empty() || ::poll(&readable, 1, static_cast<int>(time.count())) > 0;
}

bool Client::closed_by_server() {
  char byte = 0;
  return received_.empty() && ::recv(descriptor_, &byte, 1, 0) == 0;
}

void Client::finish_sending() { ::shutdown(descriptor_, SHUT_WR); }

void Client::reset() {
  const linger abort{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  ::close(descriptor_);
  descriptor_ = -1;
}

TestServer::TestServer(Handler handler, ServerOptions options)
    : server_(std::move(options), std::move(handler)) {
  const auto port = server_.start();
  REQUIRE(port.ok());
  port_ = *port;
}

void echo(Request request, Respond respond) {
  Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body = request.method + " " + request.path;
  if (!request.query.empty()) response.body += "?" + request.query;
  response.body += "|" + request.body;
  respond(std::move(response));
}

bool eventually(const std::function<bool()>& holds) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace skald::http::test
