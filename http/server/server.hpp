#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

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
  std::chrono::milliseconds body_timeout{30'000};  ///< for the body, and for a client to read ours
  std::chrono::milliseconds idle_timeout{60'000};  ///< between requests of a connection
  /// Told of what clients must not see: what a handler threw, an answer that was dropped, given
  /// twice or not fit to send. Called on any thread, must not throw; may be empty.
  std::function<void(std::string_view what)> on_defect;
};

/// An HTTP/1.1 server with its own threads. Knows nothing of sagas.
///
/// Refuses by itself, with an RFC 9457 body: oversized or slow headers (431, 408), oversized or
/// slow bodies (413, 408), ambiguous framing (both Content-Length and Transfer-Encoding, obsolete
/// line folding, bare LF; 400), chunk extensions and trailers (400), a Host that is not a loopback
/// name (421), unknown methods (501), versions other than 1.0 and 1.1 (505), and connections beyond
/// the limit (503). A handler that throws, or lets every copy of Respond die, is answered for with
/// 500.
///
/// All members but connections() are for one thread at a time, and never for a handler.
class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();  ///< stops, if stop() has not been called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and listens; once. Returns the port. Clients that connect wait until start(). Error:
  /// invalid_argument when the address is not a loopback one or is in use (the message says which
  /// process option to change).
  [[nodiscard]] Result<std::uint16_t> listen();

  /// Serves; once. Listens first, with the errors of listen(), where that was not done. Returns the
  /// port.
  [[nodiscard]] Result<std::uint16_t> start();

  /// Accepts nothing new; answers what has begun for at most `grace`; then closes and joins. The
  /// handler is destroyed before this returns; a Respond that is still held stays safe to call.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds{0});

  [[nodiscard]] std::size_t connections() const;  ///< open now

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald::http
