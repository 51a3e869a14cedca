#pragma once

#include <chrono>
#include <string>

#include "http/server/message.hpp"

namespace skald::http {

/// How a response goes out, apart from what it says.
struct Delivery {
  bool keep_alive = true;
  bool http_1_0 = false;
  bool head_only = false;  ///< the answer to HEAD: its header tells of a body that is not sent
  std::chrono::sys_seconds now{};
};

/// True when `response` can be sent: a final status (200 to 599) and only fields that are tokens
/// with values free of control characters, so that no value can forge a line of the header.
[[nodiscard]] bool is_sendable(const Response& response);

/// True when a body follows the header: not for HEAD, 204 and 304 (RFC 9110 §6.4.1).
[[nodiscard]] bool has_body(const Response& response, const Delivery& delivery);

/// The header block of `response`, with the empty line. Adds Content-Length (not to 204, 304, nor
/// to a stream, which is chunked or, in HTTP/1.0, goes on to the end of the connection), Date,
/// Server, Connection where needed, X-Content-Type-Options and, unless set, Cache-Control:
/// no-store. Fields that are the server's are ignored when the handler set them.
[[nodiscard]] std::string response_head(const Response& response, const Delivery& delivery);

/// The IMF-fixdate of RFC 9110 §5.6.7, e.g. "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::chrono::sys_seconds when);

}  // namespace skald::http
