// How long a client waits for the answer to POST /v1/sagas, which comes when the start is durable:
// one client, one connection, one request after the other. Prints one JSON line.
//
//     skald_start_latency [starts]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "engine/orchestrator/log.hpp"
#include "http/cli/node.hpp"
#include "tests/bench/three_steps.hpp"

namespace {

using namespace skald;
using namespace skald::bench;

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return socket;
}

std::string request_text(int number) {
  const json input{{"order", std::to_string(number)}, {"note", std::string(250, 'x')}};
  const std::string body = json{{"definition", "three-steps"}, {"input", input}}.dump();
  return "POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Sends one request and reads its answer; milliseconds.
double ask(int socket, const std::string& text) {
  const auto from = std::chrono::steady_clock::now();
  if (send(socket, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) std::abort();
  std::string answer;
  std::size_t wanted = std::string::npos;
  while (answer.size() < wanted) {
    char bytes[8192];
    const auto size = recv(socket, bytes, sizeof bytes, 0);
    if (size <= 0) std::abort();
    answer.append(bytes, static_cast<std::size_t>(size));
    const auto head = answer.find("\r\n\r\n");
    const auto length = answer.find("Content-Length: ");
    if (head != std::string::npos && length < head)
      wanted = head + 4 + static_cast<std::size_t>(std::atoi(answer.c_str() + length + 16));
  }
  if (!answer.starts_with("HTTP/1.1 20")) std::abort();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
}

}  // namespace

int main(int argc, char** argv) {
  log::set_level(log::Level::warning);
  const int starts = argc > 1 ? std::atoi(argv[1]) : 5000;
  const auto directory = std::filesystem::temp_directory_path() / "skald-start-latency";
  std::filesystem::remove_all(directory);
  auto definition = sml::define<three_steps<false>>();
  if (!definition) return 1;
  cli::ServeOptions options;
  options.data = directory;
  options.listen = "127.0.0.1:0";
  auto node = cli::Node::open(options, {std::move(*definition)});
  if (!node) return 1;
  const auto& address = (*node)->address();
  const int port = std::atoi(address.c_str() + address.rfind(':') + 1);
  const int socket = connect_to(static_cast<std::uint16_t>(port));
  std::vector<double> took;
  for (int i = 0; i < starts; ++i) took.push_back(ask(socket, request_text(i)));
  close(socket);
  (*node)->drain();
  std::printf("{\"starts\":%d,\"msP50\":%.3f,\"msP99\":%.3f,\"msP999\":%.3f}\n", starts,
              percentile(took, 0.5), percentile(took, 0.99), percentile(took, 0.999));
  std::filesystem::remove_all(directory);
  return 0;
}
