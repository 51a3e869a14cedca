#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "http/server/header_guard.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// What the header of a request says: the request without its body, and how the body comes.
struct RequestHead {
  Request request;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool chunked = false;
  bool expects_continue = false;     ///< the client waits for "100 Continue" (never in HTTP/1.0)
  std::uint64_t content_length = 0;  ///< 0 when chunked or absent
};

/// Checks one complete header block as check_header() does, and its Host, and parses it.
[[nodiscard]] std::variant<RequestHead, Refusal> parse_request_head(std::string_view block);

}  // namespace skald::http
