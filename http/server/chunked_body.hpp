#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skald::http {

/// Decodes one chunked body (RFC 9112 §7.1) as its bytes arrive, however they are cut.
///
/// Ours rather than Beast's because Beast 1.81 ends the process (an assertion) when a last chunk
/// arrives byte by byte. Stricter than the RFC where leniency has been used for smuggling: chunk
/// extensions and trailers, which no client of ours needs, are refused.
class ChunkedBody {
 public:
  enum class State { more, done, malformed, too_large };

  /// `bytes_max` limits the decoded body, not the bytes of its framing.
  explicit ChunkedBody(std::size_t bytes_max);

  struct Progress {
    State state;
    std::size_t used;  ///< how many bytes of the input belong to this body
  };

  /// Takes `bytes` and appends what they hold to `body`. After any state but `more`, give no more.
  [[nodiscard]] Progress feed(std::string_view bytes, std::string& body);

 private:
  enum class Expect { size_first, size, size_lf, data, data_cr, data_lf, end_cr, end_lf };

  [[nodiscard]] State take_framing(char c);
  [[nodiscard]] State take_size(char c);
  [[nodiscard]] State expect(char c, char wanted, Expect next);

  Expect expect_ = Expect::size_first;
  std::size_t size_ = 0;  ///< of this chunk: what has been read of its number, then what is left
  std::size_t bytes_left_;
};

}  // namespace skald::http
