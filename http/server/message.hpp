#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skald::http {

/// Header fields in the order they came. Names compare without regard to case (RFC 9110 §5.1).
struct Headers {
  std::vector<std::pair<std::string, std::string>> fields;

  /// The value of the first field called `name`.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  void add(std::string name, std::string value) {
    fields.emplace_back(std::move(name), std::move(value));
  }
};

class ResponseStream;

/// A request that has passed the server's checks: complete, within limits, unambiguous framing.
struct Request {
  std::string method;  ///< upper case, e.g. "POST"
  std::string path;  ///< percent-decoded per segment by the router; here as sent, without the query
  std::string query;  ///< after '?', as sent; empty if none
  Headers headers;
  std::string body;
};

struct Response {
  int status = 200;
  Headers headers;  ///< Content-Length, Date, Server and Connection are the server's
  std::string body;
  /// Instead of `body`: one that goes on until it is ended, and the connection with it.
  std::shared_ptr<ResponseStream> stream{};
};

/// Gives the answer to one request. Must be called exactly once; from any thread.
using Respond = std::function<void(Response)>;

/// Handles one request. Called on an I/O thread; must not block for long.
using Handler = std::function<void(Request, Respond)>;

}  // namespace skald::http
