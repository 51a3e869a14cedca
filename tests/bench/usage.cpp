#include "tests/bench/usage.hpp"

#include <poll.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace skald::bench {

namespace {

/// The number behind `name` in a file of /proc with one "name: number" in each line; 0 without it.
std::uint64_t number_in(const std::filesystem::path& file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1));
  return 0;
}

std::filesystem::path about(pid_t process) {
  return std::filesystem::path("/proc") / (process == 0 ? "self" : std::to_string(process));
}

double mib(std::uint64_t kib) { return static_cast<double>(kib) / 1024; }

Seconds seconds_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

Seconds cpu_used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::uint64_t bytes_written() { return number_in("/proc/self/io", "write_bytes"); }

double resident_mib(pid_t process) { return mib(number_in(about(process) / "status", "VmRSS")); }

double peak_resident_mib(pid_t process) {
  return mib(number_in(about(process) / "status", "VmHWM"));
}

std::uint64_t wake_ups(pid_t process) {
  std::uint64_t sum = 0;
  for (const auto& thread : std::filesystem::directory_iterator(about(process) / "task"))
    sum += number_in(thread.path() / "status", "voluntary_ctxt_switches");
  return sum;
}

void pause_for(std::chrono::nanoseconds span) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span);
  const timespec left{.tv_sec = whole.count(), .tv_nsec = (span - whole).count()};
  ppoll(nullptr, 0, &left, nullptr);
}

}  // namespace skald::bench
