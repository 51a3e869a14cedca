#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skald::bench {

/// One HTTP/1.1 message with a Content-Length, or without a body. The texts are parts of the bytes
/// it was found in.
struct Message {
  std::string_view head;  ///< the first line and the header fields, each with its line end
  std::string_view body;
  std::size_t size = 0;  ///< of all of it
};

/// The message that `bytes` begin with, if it is complete.
[[nodiscard]] std::optional<Message> message_in(std::string_view bytes);

/// The value of the header field `name`; empty when it is not there.
[[nodiscard]] std::string_view field_in(std::string_view head, std::string_view name);

/// What stands between the first and the second space: the target of a request, the status of an
/// answer.
[[nodiscard]] std::string_view second_word(std::string_view head);

/// The whole number that follows `name` in a JSON text, e.g. `"order":17`; none when it is not
/// there.
[[nodiscard]] std::optional<std::int64_t> number_after(std::string_view text,
                                                       std::string_view name);

/// An answer with a JSON body.
[[nodiscard]] std::string answer_text(int status, std::string_view body);

/// A request with a JSON body; further header fields each end with "\r\n".
[[nodiscard]] std::string request_text(std::string_view method, std::string_view target,
                                       std::string_view body, std::string_view fields = {});

/// A socket that listens on a free port of the loopback address, and one that is connected to it.
struct Listening {
  int socket = -1;
  std::uint16_t port = 0;
};
[[nodiscard]] Listening listen_on_loopback();
[[nodiscard]] int connect_to(std::uint16_t port);

/// Whether anybody listens on `port`.
[[nodiscard]] bool is_served(std::uint16_t port);
/// A port nobody listens on.
[[nodiscard]] std::uint16_t free_port();

}  // namespace skald::bench
