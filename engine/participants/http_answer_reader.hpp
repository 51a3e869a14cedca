#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/participants/outcome_of.hpp"

namespace skald {

/// How many bytes of an answer are accepted.
struct AnswerLimits {
  std::size_t header_bytes = 8 * 1024;
  std::size_t body_bytes = std::size_t{1} << 20;
};

/// Reads one HTTP/1.x answer (RFC 9112) from bytes as they come. No I/O; one thread.
///
/// Answers are not trusted: whatever is malformed, ambiguous in its framing or over a limit is
/// refused, and memory stays bounded by the limits.
class HttpAnswerReader {
 public:
  enum class State { more, complete, refused };

  explicit HttpAnswerReader(AnswerLimits limits, bool is_answer_to_head = false);
  ~HttpAnswerReader();

  /// Takes the next bytes. Not to be called again once it has given something else than `more`.
  State feed(std::string_view bytes);
  /// The peer has ended the connection; gives complete or refused.
  State end();

  /// Why the answer was refused, e.g. "the header is over 8192 bytes".
  [[nodiscard]] const std::string& refusal() const;
  /// Whether the connection may carry another request: only after a complete, final, delimited
  /// answer that nothing followed and that did not ask to close.
  [[nodiscard]] bool reusable() const;
  /// The complete answer; once.
  [[nodiscard]] HttpAnswer take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald
