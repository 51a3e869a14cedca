#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace skald::http {

/// The body of a response that goes on: whoever answers appends to it, the connection sends it.
/// Ends when either of them ends it. Every member may be called from any thread.
///
/// Nothing here limits what is appended: whoever writes looks at pending() first, because only the
/// writer knows what can be left out for a client that reads slowly.
class ResponseStream {
 public:
  ResponseStream() = default;
  ResponseStream(const ResponseStream&) = delete;
  ResponseStream& operator=(const ResponseStream&) = delete;

  /// Appends `bytes`; drops them when the stream has ended.
  void write(std::string_view bytes);

  /// Sends what was appended, and then ends the response.
  void end();

  /// Bytes that no socket has taken yet.
  [[nodiscard]] std::size_t pending() const;

  /// True when nothing that is appended will be sent: the client has gone, or end() was called.
  [[nodiscard]] bool ended() const;

  // For the connection.

  /// `more` is called, on the thread that writes, when there is something to take().
  void attach(std::function<void()> more, bool chunked);

  /// What to send next, in the framing of the response, and with its end if that has come; empty:
  /// nothing yet. The bytes count as pending until the next take().
  [[nodiscard]] std::string take();

  /// True when the end has been taken.
  [[nodiscard]] bool finished() const;

  /// The client has gone.
  void abandon();

 private:
  mutable std::mutex mutex_;
  std::function<void()> more_;
  std::string waiting_;
  std::size_t taken_ = 0;  ///< bytes of the last take()
  bool chunked_ = false;
  bool ended_ = false;
  bool finished_ = false;
};

}  // namespace skald::http
