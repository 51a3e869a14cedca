#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace skald::bench {

using Seconds = std::chrono::duration<double>;

/// The processor time this process has used so far, of the program and of the system for it.
[[nodiscard]] Seconds cpu_used();

/// The bytes this process has given to the disk so far, as the system counts them.
[[nodiscard]] std::uint64_t bytes_written();

/// The memory of a process now, and the most it ever had; in MiB. 0 is this process.
[[nodiscard]] double resident_mib(pid_t process = 0);
[[nodiscard]] double peak_resident_mib(pid_t process = 0);

/// How often the threads of `process` have been woken so far.
[[nodiscard]] std::uint64_t wake_ups(pid_t process);

/// Waits, for all that is measured over a span of time.
void pause_for(std::chrono::nanoseconds span);

}  // namespace skald::bench
