#include "examples/services/service/service.hpp"

#include <charconv>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/participants/barrier/barrier.hpp"
#include "examples/services/service/guard.hpp"
#include "examples/services/service/journal.hpp"
#include "examples/services/service/worker.hpp"
#include "http/server/router.hpp"
#include "http/server/server.hpp"
#include "http/server/uri.hpp"

namespace skald::services {

namespace {

/// How long a lost reply stays away: longer than any caller waits.
constexpr std::chrono::milliseconds lost_for{60'000};

std::int64_t wall_clock_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string header(const http::Request& request, std::string_view name) {
  return std::string(request.headers.find(name).value_or(std::string_view{}));
}

http::Response to_response(const Answer& answer) {
  http::Response response{answer.status, {}, answer.body.text()};
  response.headers.add("Content-Type", "application/json");
  return response;
}

Answer unavailable(const std::string& why) { return problem(503, "unavailable", why); }

/// The parts of a request that an operation sees. Error: the body is no JSON, or the query broken.
Result<Call> read(const http::Request& request, http::PathParameters path) {
  Call call;
  call.path = std::move(path);
  auto query = http::parse_query(request.query);
  if (!query) return query.error();
  for (auto& [name, value] : *query) call.query[name] = std::move(value);
  if (!request.body.empty()) {
    auto body = Json::parse(request.body);
    if (!body) return body.error();
    call.body = *body;
  }
  return call;
}

Answer unreadable(const Error& error) { return bad_request(error.message, error.findings); }

/// Runs `act` in a transaction of its own, which only an accepted answer commits.
Answer in_transaction(Database& db, const Action& act, const Call& call) {
  Transaction transaction(db);
  Answer answer = act(db, call);
  if (answer.accepted()) transaction.commit();
  return answer;
}

}  // namespace

std::int64_t Call::number(const std::string& name, std::int64_t otherwise) const {
  const auto found = query.find(name);
  return found == query.end() ? otherwise : whole_number(found->second).value_or(otherwise);
}

struct Service::Impl {
  explicit Impl(ServiceOptions chosen)
      : options(std::move(chosen)), db((options.data / (options.name + ".db")).string()) {}

  ServiceOptions options;  // the knobs in it belong to the worker thread once it has work
  Database db;
  http::Router router;
  std::unique_ptr<http::Server> server;
  Worker worker;  // last, so that it ends first: its jobs use the others

  void add_common_routes(Service& service);
  void when_free(http::Respond respond, std::function<GuardedAnswer()> work);
  void deliver(const http::Respond& respond, GuardedAnswer given);
};

/// Lets the worker do `work` and answers with what comes of it.
void Service::Impl::when_free(http::Respond respond, std::function<GuardedAnswer()> work) {
  const bool taken = worker.add([this, respond, work = std::move(work)] {
    try {
      deliver(respond, work());
    } catch (const std::exception& failure) {
      respond(to_response(unavailable(std::string("The database failed: ") + failure.what())));
    }
  });
  if (!taken) respond(to_response(unavailable("The service is shutting down.")));
}

void Service::Impl::deliver(const http::Respond& respond, GuardedAnswer given) {
  const auto wait = given.lost ? lost_for : given.delay;
  auto response = to_response(given.answer);
  if (wait.count() == 0) return respond(std::move(response));
  if (!worker.add([respond, response] { respond(response); }, wait)) respond(std::move(response));
}

void Service::Impl::add_common_routes(Service& service) {
  service.plain("GET", "/health", [this](Database&, const Call&) {
    return ok({{"service", options.name}});
  });
  service.plain("GET", "/journal", journal::page);
  service.plain("GET", "/knobs", [this](Database&, const Call&) {
    return Answer{200, to_json(options.knobs)};
  });
  service.plain("PUT", "/knobs", [this](Database&, const Call& call) {
    const auto knobs = turned(options.knobs, call.body);
    if (!knobs) return unreadable(knobs.error());
    options.knobs = *knobs;
    return Answer{200, to_json(options.knobs)};
  });
}

Service::Service(ServiceOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  journal::prepare(impl_->db);
  if (const auto made = barrier::prepare(impl_->db.connection()); !made)
    throw std::runtime_error(made.error().message);
  impl_->add_common_routes(*this);
}

Service::~Service() { stop(); }

Database& Service::database() { return impl_->db; }

void Service::guarded(const std::string& path, const std::string& refusal_code, Action action) {
  const GuardedAction guarded_action{refusal_code, std::move(action)};
  impl_->router.add("POST", path,
                    [impl = impl_.get(), guarded_action](
                        http::Request request, http::PathParameters names, http::Respond respond) {
                      auto call = read(request, std::move(names));
                      if (!call) return respond(to_response(unreadable(call.error())));
                      GuardedRequest asked{.saga = header(request, "Saga-Id"),
                                           .step = header(request, "Saga-Step"),
                                           .phase = header(request, "Saga-Phase"),
                                           .key = header(request, "Idempotency-Key"),
                                           .attempt = whole_number(header(request, "Saga-Attempt")),
                                           .method = request.method,
                                           .path = request.path,
                                           .raw_body = std::move(request.body),
                                           .call = std::move(*call)};
                      impl->when_free(std::move(respond), [impl, guarded_action, asked]() mutable {
                        asked.call.now_us = wall_clock_us();
                        return perform(impl->db, impl->options.knobs, asked, guarded_action);
                      });
                    });
}

void Service::plain(const std::string& method, const std::string& path, Action action) {
  impl_->router.add(method, path,
                    [impl = impl_.get(), action = std::move(action)](
                        http::Request request, http::PathParameters names, http::Respond respond) {
                      auto call = read(request, std::move(names));
                      if (!call) return respond(to_response(unreadable(call.error())));
                      impl->when_free(std::move(respond), [impl, action, call = *call]() mutable {
                        call.now_us = wall_clock_us();
                        return GuardedAnswer{in_transaction(impl->db, action, call)};
                      });
                    });
}

Result<std::uint16_t> Service::start() {
  http::ServerOptions options;
  options.port = impl_->options.port;
  impl_->server = std::make_unique<http::Server>(
      options, [impl = impl_.get()](http::Request request, http::Respond respond) {
        impl->router.handle(std::move(request), std::move(respond));
      });
  return impl_->server->start();
}

void Service::stop() {
  impl_->worker.finish();
  if (impl_->server) impl_->server->stop(std::chrono::milliseconds{500});
  impl_->server.reset();
}

}  // namespace skald::services
