#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/model/result.hpp"
#include "http/server/message.hpp"

namespace skald::http {

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< a numeric address; only loopback ones are accepted
  std::uint16_t port = 0;             ///< 0: any free one
  int threads = 1;                    ///< I/O threads, at least 1
  std::size_t header_bytes_max = 8 * 1024;
  std::size_t body_bytes_max = std::size_t{1} << 20;
  std::size_t connections_max = 1024;
  std::chrono::milliseconds header_timeout{10'000};  ///< from the first byte of a request
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{60'000};  ///< between requests of a connection
};

/// An HTTP/1.1 server with its own threads. Knows nothing of sagas.
///
/// Refuses by itself, with an RFC 9457 body: oversized or slow headers (431, 408), oversized bodies
/// (413), ambiguous framing (both Content-Length and Transfer-Encoding, obsolete line folding, bare
/// LF; 400), versions other than 1.0 and 1.1 (505).
class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();  ///< stops, if stop() has not been called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds, listens and serves. Returns the port. Error: invalid_argument when the address is not a
  /// loopback one or is in use (the message says which process option to change).
  [[nodiscard]] Result<std::uint16_t> start();

  /// Accepts nothing new; answers what has begun for at most `grace`; then closes and joins.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds{0});

  [[nodiscard]] std::size_t connections() const;  ///< open now

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald::http
