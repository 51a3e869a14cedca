#include "http/client/session.hpp"

#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "engine/model/invariant.hpp"
#include "http/client/table.hpp"

namespace skald::client {

using json = nlohmann::ordered_json;  // NOLINT(readability-identifier-naming)

namespace {

constexpr std::size_t width_unknown = 120;

std::size_t terminal_width() {
  if (isatty(STDOUT_FILENO) == 0) return 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return width_unknown;
  return size.ws_col;
}

Exit exit_of(int status) {
  if (status < 400) return Exit::ok;
  if (status == 404) return Exit::not_found;
  if (status == 409 || status == 412) return Exit::conflict;
  return Exit::error;
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Result<Session> Session::open(ClientOptions options, std::ostream& out, std::ostream& err) {
  auto server = parse_base_url(options.url, true);
  if (!server) return server.error();
  return Session(std::move(options), std::move(*server), out, err);
}

Session::Session(ClientOptions options, BaseUrl server, std::ostream& out, std::ostream& err)
    : options_(std::move(options)),
      server_(std::move(server)),
      rest_(std::make_unique<Rest>(server_)),
      out_(&out),
      err_(&err),
      terminal_width_(terminal_width()) {}

Output Session::output() const {
  if (options_.output != Output::automatic) return options_.output;
  return on_terminal() ? Output::table : Output::json;
}

std::string Session::when(const std::string& rfc3339) const {
  const auto time = parse_rfc3339(rfc3339);
  if (options_.utc || !time) return rfc3339;
  const Timestamp now = options_.now();
  const bool past = *time <= now;
  auto span = past ? now - *time : *time - now;
  // Two units say enough: nobody needs the seconds of an age in days.
  if (span >= std::chrono::hours(24))
    span -= span % std::chrono::hours(1);
  else if (span >= std::chrono::hours(1))
    span -= span % std::chrono::minutes(1);
  else
    span -= span % std::chrono::seconds(1);
  return past ? duration_text(span) + " ago" : "in " + duration_text(span);
}

std::optional<json> Session::ask(const RestRequest& request) {
  exit_ = Exit::ok;
  status_ = 0;
  if (options_.dry_run && request.method != "GET") {
    *out_ << as_curl(server_, request) << '\n';
    return std::nullopt;
  }
  const auto answer = rest_->ask(request);
  if (!answer) {
    exit_ = Exit::unreachable;
    *err_ << "skald: " << answer.error().message << "\n  " << answer.error().hint << '\n';
    return std::nullopt;
  }
  status_ = answer->status;
  exit_ = exit_of(answer->status);
  if (exit_ != Exit::ok) {
    tell(*answer);
    return std::nullopt;
  }
  if (answer->type != "application/json") return json(answer->body);
  auto body = json::parse(answer->body, nullptr, false);
  if (!body.is_discarded()) return body;
  exit_ = Exit::error;
  *err_ << "skald: the server's answer is no JSON; is there a skald at " << options_.url << "?\n";
  return std::nullopt;
}

std::optional<json> Session::get(const std::string& target) {
  return ask({.method = "GET", .target = target, .body = {}, .headers = {}});
}

std::optional<json> Session::post(const std::string& target, std::string body) {
  return ask({.method = "POST",
              .target = target,
              .body = std::move(body),
              .headers = {{"Idempotency-Key", '"' + new_key() + '"'}}});
}

/// Says what a problem document says (RFC 9457).
void Session::tell(const RestAnswer& answer) {
  constexpr std::size_t longest = 2000;
  const auto problem = json::parse(answer.body, nullptr, false);
  if (!problem.is_object() || text_in(problem, "detail").empty()) {
    *err_ << "skald: HTTP " << answer.status << " from " << options_.url << '\n';
    return;
  }
  *err_ << "skald: " << shown(text_in(problem, "detail"), longest) << " ["
        << text_in(problem, "code") << "]\n";
  const auto errors = problem.find("errors");
  if (errors != problem.end() && errors->is_array())
    for (const auto& one : *errors)
      *err_ << "  " << shown(text_in(one, "pointer"), longest) << ": "
            << shown(text_in(one, "detail"), longest) << '\n';
  if (const auto hint = text_in(problem, "hint"); !hint.empty())
    *err_ << "  " << shown(hint, longest) << '\n';
}

std::string new_key() {
  std::array<unsigned char, 16> bits{};
  invariant(getrandom(bits.data(), bits.size(), 0) == static_cast<ssize_t>(bits.size()),
            "the system gives 16 random bytes at once");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string key;
  for (const unsigned char byte : bits) {
    key += digits[byte >> 4];
    key += digits[byte & 0xf];
  }
  return key;
}

}  // namespace skald::client
