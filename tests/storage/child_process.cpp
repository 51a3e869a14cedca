#include "tests/storage/child_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <array>

#include "engine/model/invariant.hpp"

namespace skald::test {

Child::Child(const std::function<void(const Report&)>& work) {
  std::array<int, 2> ends{};
  invariant(::pipe2(ends.data(), O_CLOEXEC) == 0, "a pipe can be made");
  pid_ = ::fork();
  invariant(pid_ >= 0, "a process can be forked");
  if (pid_ == 0) {
    ::close(ends[0]);
    work([out = ends[1]](std::int64_t value) {
      // A pipe takes eight bytes whole or not at all (POSIX: up to PIPE_BUF).
      invariant(::write(out, &value, sizeof value) == sizeof value, "the parent reads the pipe");
    });
    ::_exit(0);  // no exit handlers: they belong to the parent
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

Child::~Child() {
  kill();
  ::close(pipe_);
}

std::optional<std::int64_t> Child::next() {
  std::int64_t value = 0;
  if (::read(pipe_, &value, sizeof value) != sizeof value) return std::nullopt;
  return value;
}

void Child::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void wait_to_be_killed() {
  for (;;) ::pause();
}

}  // namespace skald::test
