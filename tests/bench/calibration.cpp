#include "tests/bench/calibration.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "engine/model/invariant.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/naive_sqlite.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/usage.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t block = 4096;
constexpr std::size_t blocks = 1024;

/// The file is written once before, so that no sync has to store where its blocks are.
int open_preallocated(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const std::string zeros(block * blocks, '\0');
  invariant(fd >= 0 &&
                write(fd, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()) &&
                fsync(fd) == 0,
            "there is space for the calibration");
  return fd;
}

void measure_syncs(Calibration& calibration, const std::filesystem::path& directory,
                   std::chrono::milliseconds span, std::chrono::milliseconds delay) {
  const auto file = directory / "syncs";
  const int fd = open_preallocated(file);
  const std::string bytes(block, 's');
  Latencies latencies;
  const auto begun = Clock::now();
  Seconds took{};
  for (std::size_t i = 0; took < span; ++i) {
    const auto from = Clock::now();
    invariant(pwrite(fd, bytes.data(), block, static_cast<off_t>(i % blocks * block)) ==
                  static_cast<ssize_t>(block),
              "the disk takes a block");
    if (delay.count() > 0) pause_for(delay);
    invariant(fdatasync(fd) == 0, "the disk syncs");
    const auto now = Clock::now();
    latencies.add(now - from);
    took = now - begun;
  }
  close(fd);
  std::filesystem::remove(file);
  calibration.syncs_per_second = static_cast<double>(latencies.count()) / took.count();
  calibration.sync_p50_ms = latencies.at(0.5);
  calibration.sync_p99_ms = latencies.at(0.99);
}

LoadResult echoes(std::uint16_t port, std::size_t connections, std::chrono::milliseconds span) {
  const LoadPlan plan{.port = port, .connections = connections, .requests = SIZE_MAX, .span = span};
  const auto request = request_text("POST", "/echo", order_input(0, {}));
  return send_load(plan, [&](std::size_t, Clock::time_point) { return request; });
}

void measure_echo(Calibration& calibration, std::chrono::milliseconds span) {
  Child echo("echo", nlohmann::json::object());
  const auto port = echo.expect(std::chrono::seconds(5)).at("port").get<std::uint16_t>();
  const auto one = echoes(port, 1, span / 2);
  calibration.echo_p50_ms = one.latencies.at(0.5);
  calibration.echo_p99_ms = one.latencies.at(0.99);
  const auto many = echoes(port, 64, span);
  calibration.echoes_per_second = static_cast<double>(many.sent) / many.took.count();
}

}  // namespace

Calibration calibrate(const Probes& probes, const std::filesystem::path& directory,
                      std::chrono::milliseconds span, std::chrono::milliseconds sync_delay) {
  Calibration calibration;
  if (probes.sync) measure_syncs(calibration, directory, span, sync_delay);
  if (probes.sqlite)
    calibration.transitions_per_second = naive_transitions_per_second(directory, span);
  if (probes.echo) measure_echo(calibration, span);
  return calibration;
}

std::vector<Figure> figures_of(const Calibration& calibration) {
  std::vector<Figure> figures;
  const auto add = [&](const char* name, double value, const char* unit) {
    if (value > 0) figures.push_back({name, value, unit});
  };
  add("syncs", calibration.syncs_per_second, "1/s");
  add("sync p50", calibration.sync_p50_ms, "ms");
  add("sync p99", calibration.sync_p99_ms, "ms");
  add("naive SQLite transitions", calibration.transitions_per_second, "1/s");
  add("echo p50", calibration.echo_p50_ms, "ms");
  add("echo p99", calibration.echo_p99_ms, "ms");
  add("echoes", calibration.echoes_per_second, "1/s");
  return figures;
}

}  // namespace skald::bench
