#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "engine/participants/http_answer_reader.hpp"
#include "engine/participants/http_options.hpp"

namespace boost::asio {
class io_context;
}

namespace skald {

/// One kept-alive connection to a participant, which carries one request after the other.
///
/// Everything runs on the one thread of its io_context.
class HttpConnection {
 public:
  struct Request {
    std::string text;
    bool is_head = false;
    Duration timeout{};  ///< from the call of exchange(), connecting included
  };
  /// A complete answer, or why there is none.
  using Ended = std::variant<HttpAnswer, NoAnswer>;
  using OnEnd = std::function<void(Ended)>;

  /// Does not connect yet.
  HttpConnection(boost::asio::io_context& context, const BaseUrl& base, AnswerLimits limits);
  ~HttpConnection();  ///< closes; an exchange under way does not end any more
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Sends the request and reads its answer, after connecting if need be. `on_end` comes exactly
  /// once, never from inside this call. One exchange at a time.
  ///
  /// A NoAnswer has possibly_executed = false when no byte of the request can have been sent.
  void exchange(Request request, OnEnd on_end);

  /// Whether another exchange can follow, as far as this side knows.
  [[nodiscard]] bool reusable() const;
  /// Whether the peer has kept an idle connection open, and silent.
  [[nodiscard]] bool is_open_and_silent();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace skald
