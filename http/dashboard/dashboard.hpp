#pragma once

#include "http/server/router.hpp"

namespace skald::http {

/// Serves the dashboard for every path that no route of `router` has: its files by their names, and
/// its page at "/" and, to who asks for HTML, for sagas, definitions and all other paths without an
/// extension: the places within it. What lies under /v1 is never one of them. A program built
/// without the dashboard says at "/" how to get it.
void add_dashboard(Router& router);

}  // namespace skald::http
