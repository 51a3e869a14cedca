#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/examples/http_client.hpp"

namespace skald::examples_test {

/// A directory that is gone when the test is.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A skald-services process of this test; killed at the latest by the destructor.
class ServiceProcess {
 public:
  /// Starts `service` on a free port and waits until it listens.
  ServiceProcess(const std::string& service, const std::filesystem::path& data,
                 const std::vector<std::string>& options = {});
  ~ServiceProcess();
  ServiceProcess(const ServiceProcess&) = delete;
  ServiceProcess& operator=(const ServiceProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void kill();                    ///< SIGKILL, and waits for the end
  [[nodiscard]] int terminate();  ///< SIGTERM; returns the exit code, or -1 when a signal ended it

  /// GET `target`; the test fails unless the answer is 200.
  [[nodiscard]] nlohmann::json get(const std::string& target) const;
  /// POST in a saga. The test fails when no answer comes.
  [[nodiscard]] Reply post(const std::string& target, const nlohmann::json& body,
                           const HeaderFields& headers = {}) const;
  /// PUT /knobs.
  void turn(const nlohmann::json& knobs) const;
  /// How many calls of `key` the journal says had an effect.
  [[nodiscard]] int effects(const std::string& key) const;

 private:
  [[nodiscard]] int wait();

  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace skald::examples_test
