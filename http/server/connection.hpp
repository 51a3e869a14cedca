#pragma once

#include <memory>

#include "http/server/service.hpp"

namespace skald::http {

/// Takes over the connected TCP socket `descriptor`, serves requests on it in order, and keeps the
/// connection in the roster until it is closed. Any thread.
void open_connection(const std::shared_ptr<Service>& service, int descriptor, bool ipv6);

/// Begins to end `connection` in an orderly way: closes it if it is between requests, else after
/// its next answer. Any thread.
void drain(const std::shared_ptr<Connection>& connection);

/// Closes `connection` whatever it is doing. Any thread.
void close(const std::shared_ptr<Connection>& connection);

}  // namespace skald::http
