#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/result.hpp"
#include "engine/participants/http_options.hpp"

namespace skald::client {

/// One request to a skald server.
struct RestRequest {
  std::string method;  ///< "GET", "POST", …
  std::string target;  ///< path and query, escaped, e.g. "/v1/sagas?status=stuck"
  std::string body;    ///< JSON; empty: none
  std::vector<std::pair<std::string, std::string>> headers;
  /// How long the answer may take.
  std::chrono::seconds patience{30};
};

/// What the server answered, whatever its status.
struct RestAnswer {
  int status = 0;
  std::string type;  ///< Content-Type without parameters
  std::string body;
};

/// Sends requests to one server, one after the other, over one connection that is kept open. Used
/// by one thread, which waits.
class Rest {
 public:
  explicit Rest(BaseUrl server);
  ~Rest();
  Rest(const Rest&) = delete;
  Rest& operator=(const Rest&) = delete;

  /// Error: overloaded (the server cannot be reached, or does not answer in time), with where and
  /// why. A request whose connection was closed before it could be answered is sent once more, so
  /// it must be one that may be repeated: a GET, or one with an Idempotency-Key.
  [[nodiscard]] Result<RestAnswer> ask(const RestRequest& request);

 private:
  struct Connection;
  [[nodiscard]] Result<RestAnswer> exchange(const RestRequest& request);

  BaseUrl server_;
  std::unique_ptr<Connection> connection_;  ///< none: not connected
};

/// The command line that sends `request` with curl.
[[nodiscard]] std::string as_curl(const BaseUrl& server, const RestRequest& request);

}  // namespace skald::client
