#include "tests/bench/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "engine/model/invariant.hpp"

namespace skald::bench {

namespace {

constexpr const char* this_program = "/proc/self/exe";

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    invariant(pipe2(ends.data(), O_CLOEXEC) == 0, "a pipe can be made");
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end = -1;
  int write_end = -1;
};

/// In the new process, where only the simplest calls are safe until the program begins anew.
[[noreturn]] void become(const char* program, char* const* arguments, int input, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  execv(program, arguments);
  _exit(127);
}

}  // namespace

Child::Child(const std::string& role, const nlohmann::json& parameters)
    : Child({this_program, "--role", role, parameters.dump()}) {}

Child::Child(std::vector<std::string> program_and_arguments) {
  const Pipe down;
  const Pipe up;
  std::vector<char*> arguments;
  for (auto& one : program_and_arguments) arguments.push_back(one.data());
  arguments.push_back(nullptr);
  pid_ = fork();
  invariant(pid_ >= 0, "a process can be started");
  if (pid_ == 0) become(arguments[0], arguments.data(), down.read_end, up.write_end);
  close(down.read_end);
  close(up.write_end);
  to_ = down.write_end;
  from_ = up.read_end;
}

Child::~Child() {
  if (code_ < 0) kill();
  if (to_ >= 0) close(to_);
  close(from_);
}

std::optional<nlohmann::json> Child::hear(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (heard_.find('\n') == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd ready{.fd = from_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) <= 0) return {};
    std::array<char, 65536> bytes{};
    const auto size = read(from_, bytes.data(), bytes.size());
    if (size <= 0) return {};
    heard_.append(bytes.data(), static_cast<std::size_t>(size));
  }
  const auto line = heard_.substr(0, heard_.find('\n'));
  heard_.erase(0, line.size() + 1);
  return nlohmann::json::parse(line);
}

nlohmann::json Child::expect(std::chrono::milliseconds patience) {
  auto line = hear(patience);
  invariant(line.has_value(), "a process of the benchmark says what it was asked for");
  return std::move(*line);
}

void Child::tell(const std::string& line) const {
  const auto text = line + "\n";
  invariant(write(to_, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
            "a process of the benchmark can be told something");
}

void Child::kill() {
  ::kill(pid_, SIGKILL);
  wait();
}

int Child::wait() {
  if (code_ >= 0) return code_;
  if (to_ >= 0) close(to_);
  to_ = -1;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return code_;
}

void say_to_parent(const nlohmann::json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

std::optional<std::string> hear_parent() {
  std::string line;
  for (char c = 0; read(STDIN_FILENO, &c, 1) == 1 && c != '\n';) line += c;
  return line.empty() ? std::nullopt : std::optional(line);
}

}  // namespace skald::bench
