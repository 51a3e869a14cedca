#include "tests/examples/service_process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

extern char** environ;

namespace skald::examples_test {

namespace {

/// The first line that a child writes into the reading end of a pipe; what there is if it ends.
std::string first_line(int fd) {
  std::string line;
  char c = 0;
  while (::read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  auto name = (std::filesystem::temp_directory_path() / "skald-examples-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ServiceProcess::ServiceProcess(const std::string& service, const std::filesystem::path& data,
                               const std::vector<std::string>& options) {
  std::vector<std::string> words{SKALD_SERVICES_PROGRAM, service, "--data", data.string()};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const int failure =
      ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  REQUIRE(failure == 0);
  const auto line = nlohmann::json::parse(first_line(pipe[0]), nullptr, false);
  ::close(pipe[0]);
  REQUIRE_MESSAGE(line.is_object(), "the service ended before it listened");
  CHECK(line.at("service") == service);
  port_ = line.at("port");
}

ServiceProcess::~ServiceProcess() {
  if (pid_ > 0) kill();
}

int ServiceProcess::wait() {
  int status = 0;
  REQUIRE(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void ServiceProcess::kill() {
  ::kill(pid_, SIGKILL);
  (void)wait();
}

int ServiceProcess::terminate() {
  ::kill(pid_, SIGTERM);
  return wait();
}

nlohmann::json ServiceProcess::get(const std::string& target) const {
  const auto reply = ask(port_, "GET", target);
  REQUIRE(reply.has_value());
  REQUIRE_MESSAGE(reply->status == 200, target, " answered ", reply->body.dump());
  return reply->body;
}

Reply ServiceProcess::post(const std::string& target, const nlohmann::json& body,
                           const HeaderFields& headers) const {
  const auto reply = ask(port_, "POST", target, body, headers);
  REQUIRE_MESSAGE(reply.has_value(), "no answer to POST ", target);
  return *reply;
}

void ServiceProcess::turn(const nlohmann::json& knobs) const {
  const auto reply = ask(port_, "PUT", "/knobs", knobs);
  REQUIRE(reply.has_value());
  REQUIRE_MESSAGE(reply->status == 200, reply->body.dump());
}

int ServiceProcess::effects(const std::string& key) const {
  int count = 0;
  const auto page = get("/journal?limit=10000");
  for (const auto& entry : page.at("entries"))
    count += entry.at("idempotencyKey") == key && entry.at("effect") == true ? 1 : 0;
  return count;
}

}  // namespace skald::examples_test
