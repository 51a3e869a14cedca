#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/time.hpp"
#include "http/client/rest.hpp"

namespace skald::client {

/// How a command ends.
enum class Exit {
  ok = 0,
  error = 1,
  usage = 2,
  not_found = 3,
  conflict = 4,     ///< the saga's status, or an earlier request, does not allow it
  ended_badly = 5,  ///< the saga that was waited for did not complete
  timed_out = 6,    ///< the saga that was waited for had not ended
  unreachable = 7,  ///< no server, or no answer from it
};

enum class Output {
  automatic,  ///< a table on a terminal, JSON elsewhere
  table,
  json,   ///< the answer of the API, unchanged
  jsonl,  ///< one line for each saga, event, …
  name    ///< ids or names alone, a line each
};

/// What every client command understands.
struct ClientOptions {
  std::string url = "http://127.0.0.1:7070";
  Output output = Output::automatic;
  bool dry_run = false;  ///< print the curl line instead of sending anything that changes something
  bool quiet = false;    ///< say nothing but errors
  bool utc = false;      ///< times as in the API, instead of how long ago
  std::function<Timestamp()> now;  ///< required
};

/// One run of a client command: where it asks, and where it speaks.
class Session {
 public:
  /// `out` is taken for a terminal when the process's standard output is one.
  [[nodiscard]] static Result<Session> open(ClientOptions options, std::ostream& out,
                                            std::ostream& err);

  /// Sends a request, and gives the JSON of a good answer. None: it was refused or failed, which
  /// has been said, and exit() tells how; or it was only shown (--dry-run).
  [[nodiscard]] std::optional<nlohmann::ordered_json> ask(const RestRequest& request);
  [[nodiscard]] std::optional<nlohmann::ordered_json> get(const std::string& target);
  /// A POST of this JSON under an idempotency key of its own.
  [[nodiscard]] std::optional<nlohmann::ordered_json> post(const std::string& target,
                                                           std::string body);

  /// How the last request went.
  [[nodiscard]] Exit exit() const { return exit_; }
  /// Status of the last answer; 0 without one.
  [[nodiscard]] int status() const { return status_; }

  /// The output to make: never `automatic`.
  [[nodiscard]] Output output() const;
  /// A time of the API as people read it: "3m ago", "in 12s"; unchanged with options().utc.
  [[nodiscard]] std::string when(const std::string& rfc3339) const;
  [[nodiscard]] const ClientOptions& options() const { return options_; }
  [[nodiscard]] bool on_terminal() const { return terminal_width_ > 0; }
  /// Columns of the terminal; 0 without one.
  [[nodiscard]] std::size_t width() const { return terminal_width_; }
  [[nodiscard]] std::ostream& out() { return *out_; }
  [[nodiscard]] std::ostream& err() { return *err_; }

 private:
  Session(ClientOptions options, BaseUrl server, std::ostream& out, std::ostream& err);
  void tell(const RestAnswer& answer);

  ClientOptions options_;
  BaseUrl server_;
  std::unique_ptr<Rest> rest_;
  std::ostream* out_;
  std::ostream* err_;
  std::size_t terminal_width_ = 0;
  Exit exit_ = Exit::ok;
  int status_ = 0;
};

/// A random key (128 bits, hexadecimal) under which a request can be repeated.
[[nodiscard]] std::string new_key();

}  // namespace skald::client
