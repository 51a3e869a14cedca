#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/model/result.hpp"
#include "examples/services/service/call.hpp"
#include "examples/services/service/knobs.hpp"

namespace skald::services {

struct ServiceOptions {
  std::string name;            ///< also the name of its database file, `<data>/<name>.db`
  std::filesystem::path data;  ///< an existing directory
  std::uint16_t port = 0;      ///< 0: any free one
  Knobs knobs;
};

/// A small participant: an HTTP server on loopback, one SQLite file, one worker thread that owns
/// the file, and the routes every service has (/health, /knobs, /journal).
///
/// Members are for one thread; actions run on the worker thread.
class Service {
 public:
  /// Opens the file. Throws std::exception when SQLite cannot.
  explicit Service(ServiceOptions options);
  ~Service();  ///< stops, if stop() has not been called
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// For making tables; not after start().
  [[nodiscard]] Database& database();

  /// Adds POST `path`: through the barrier, the knobs and the journal. `refusal_code` is the code
  /// of the 409 that the knob 'refuse' gives.
  void guarded(const std::string& path, const std::string& refusal_code, Action action);

  /// Adds an operation that reads, or that is harmless to repeat by its own nature.
  void plain(const std::string& method, const std::string& path, Action action);

  /// Listens. Returns the port. Error: the port is taken.
  [[nodiscard]] Result<std::uint16_t> start();

  /// Answers what has begun, then closes.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald::services
