#include "http/server/server.hpp"

#include <unistd.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <future>
#include <thread>

#include "http/server/connection.hpp"

namespace skald::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Strand = asio::strand<asio::io_context::executor_type>;

/// Refused connections that may still be open beyond connections_max, so that each gets its 503;
/// more than these are closed without a word.
constexpr std::size_t refusals_max = 64;

/// How long to wait when accepting fails, which is when descriptors or memory have run out.
constexpr std::chrono::milliseconds accept_pause{100};

Error refusal(std::string message, std::string hint) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(hint), {}};
}

std::string name_of_endpoint(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  const auto port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

Error listen_error(const tcp::endpoint& endpoint, const error_code& ec) {
  const auto name = name_of_endpoint(endpoint);
  if (ec == asio::error::address_in_use)
    return refusal("cannot listen on " + name + ": the address is in use by another process; " +
                       "pick another with --listen",
                   "--listen takes address:port; port 0 picks any free one");
  return refusal("cannot listen on " + name + ": " + ec.message() + "; pick another with --listen",
                 "--listen takes address:port; ports below 1024 need privileges");
}

Result<tcp::endpoint> loopback_endpoint(const ServerOptions& options) {
  error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec)
    return refusal("\"" + options.address + "\" is no numeric IP address",
                   "use 127.0.0.1 or ::1 with --listen");
  if (!address.is_loopback())
    return refusal("cannot listen on " + options.address +
                       ": only loopback addresses are allowed; other addresses need authentication",
                   "use 127.0.0.1 or ::1 with --listen");
  return tcp::endpoint(address, options.port);
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, Handler handler);

  [[nodiscard]] Result<std::uint16_t> listen();
  [[nodiscard]] Result<std::uint16_t> start();
  void stop(std::chrono::milliseconds grace);

  std::shared_ptr<Service> service = std::make_shared<Service>();

 private:
  [[nodiscard]] error_code listen_on(const tcp::endpoint& endpoint);
  void accept();
  void admit(tcp::socket socket);
  void pause_accepting();
  void run_io();
  void stop_accepting();

  Strand strand_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  bool ipv6_ = false;
  bool started_ = false;
  std::vector<std::jthread> threads_;
};

Server::Impl::Impl(ServerOptions options, Handler handler)
    : service([&] {
        auto made = std::make_shared<Service>();
        made->io = std::make_shared<asio::io_context>(std::max(1, options.threads));
        made->options = std::move(options);
        made->handler = std::move(handler);
        return made;
      }()),
      strand_(service->io->get_executor()),
      acceptor_(strand_),
      pause_(strand_) {}

Result<std::uint16_t> Server::Impl::listen() {
  if (acceptor_.is_open()) return refusal("the server listens already", "make a new one");
  const auto endpoint = loopback_endpoint(service->options);
  if (!endpoint) return endpoint.error();
  if (const auto ec = listen_on(*endpoint)) {
    error_code ignored;  // nothing was accepted; the error that counts is the first
    acceptor_.close(ignored);
    return listen_error(*endpoint, ec);
  }
  error_code ec;
  const auto bound = acceptor_.local_endpoint(ec);
  if (ec) return listen_error(*endpoint, ec);
  port_ = bound.port();
  ipv6_ = bound.address().is_v6();
  return port_;
}

Result<std::uint16_t> Server::Impl::start() {
  if (started_) return refusal("the server was started before", "make a new one");
  if (service->options.threads < 1) return refusal("the server needs at least 1 thread", "");
  if (!acceptor_.is_open())
    if (const auto listening = listen(); !listening) return listening.error();
  started_ = true;
  accept();
  for (int i = 0; i < service->options.threads; ++i) threads_.emplace_back([this] { run_io(); });
  return port_;
}

error_code Server::Impl::listen_on(const tcp::endpoint& endpoint) {
  error_code ec;
  acceptor_.open(endpoint.protocol(), ec);
  // So that a restart need not wait for the last connections of the previous process to time out.
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
  return ec;
}

void Server::Impl::accept() {
  acceptor_.async_accept([this](const error_code& ec, tcp::socket socket) {
    if (service->draining) return;
    if (ec) return pause_accepting();
    accept();
    admit(std::move(socket));
  });
}

void Server::Impl::admit(tcp::socket socket) {
  if (service->roster.size() >= service->options.connections_max + refusals_max) return;
  error_code ec;
  const int descriptor = socket.release(ec);
  if (!ec) open_connection(service, descriptor, ipv6_);
}

void Server::Impl::pause_accepting() {
  pause_.expires_after(accept_pause);
  pause_.async_wait([this](const error_code& ec) {
    if (!ec && !service->draining) accept();
  });
}

void Server::Impl::run_io() {
  for (;;) {
    try {
      service->io->run();
      return;
    } catch (const std::exception& error) {
      // Such as std::bad_alloc; the one connection it hit is lost, its timer will close it.
      service->report(std::string("an I/O thread caught: ") + error.what());
    }
  }
}

void Server::Impl::stop_accepting() {
  std::promise<void> closed;
  asio::dispatch(strand_, [&] {
    error_code ignored;  // the descriptor is released even when close reports an error
    acceptor_.close(ignored);
    pause_.cancel();
    closed.set_value();
  });
  closed.get_future().wait();  // after this no connection is added to the roster
}

void Server::Impl::stop(std::chrono::milliseconds grace) {
  if (threads_.empty()) return;
  service->draining = true;
  stop_accepting();
  for (const auto& connection : service->roster.all()) drain(connection);
  service->roster.wait_until_empty(grace);
  for (const auto& connection : service->roster.all()) close(connection);
  threads_.clear();  // joins: without acceptor and connections the threads run out of work
  service->handler = nullptr;
  service->options.on_defect = nullptr;
}

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

Server::~Server() { stop(); }

Result<std::uint16_t> Server::listen() { return impl_->listen(); }

Result<std::uint16_t> Server::start() { return impl_->start(); }

void Server::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

std::size_t Server::connections() const { return impl_->service->roster.size(); }

}  // namespace skald::http
