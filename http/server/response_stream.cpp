#include "http/server/response_stream.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace skald::http {

namespace {

/// One chunk of RFC 9112 §7.1.
std::string chunk_of(std::string_view bytes) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16);
  std::string chunk(digits.data(), end.ptr);
  return chunk.append("\r\n").append(bytes).append("\r\n");
}

}  // namespace

void ResponseStream::write(std::string_view bytes) {
  std::function<void()> more;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || bytes.empty()) return;
    waiting_ += bytes;
    more = more_;
  }
  if (more) more();
}

void ResponseStream::end() {
  std::function<void()> more;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(ended_, true)) return;
    more = more_;
  }
  if (more) more();
}

std::size_t ResponseStream::pending() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() + taken_;
}

bool ResponseStream::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void ResponseStream::attach(std::function<void()> more, bool chunked) {
  const std::lock_guard lock(mutex_);
  more_ = std::move(more);
  chunked_ = chunked;
}

std::string ResponseStream::take() {
  const std::lock_guard lock(mutex_);
  taken_ = waiting_.size();
  std::string bytes;
  if (chunked_ && !waiting_.empty())
    bytes = chunk_of(waiting_);
  else
    bytes = std::move(waiting_);
  waiting_.clear();
  if (!ended_ || std::exchange(finished_, true)) return bytes;
  return chunked_ ? bytes.append("0\r\n\r\n") : bytes;
}

bool ResponseStream::finished() const {
  const std::lock_guard lock(mutex_);
  return finished_;
}

void ResponseStream::abandon() {
  const std::lock_guard lock(mutex_);
  ended_ = finished_ = true;
  waiting_.clear();
  taken_ = 0;
  more_ = nullptr;
}

}  // namespace skald::http
