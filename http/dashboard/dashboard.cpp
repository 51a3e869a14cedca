#include "http/dashboard/dashboard.hpp"

#include <algorithm>

#include "http/dashboard/assets.hpp"
#include "http/server/problem.hpp"

namespace skald::http {

namespace {

/// Nothing but our own files is loaded, run, asked or framed.
constexpr std::string_view content_policy =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src "
    "'none'";

constexpr std::string_view how_to_get_it =
    "This skald was built without its dashboard. To get it, install Node.js 18 or newer with npm "
    "(examples/prerequisites.sh does), and build again with -DSKALD_BUILD_DASHBOARD=ON.\n"
    "The REST API is here all the same: /openapi.json describes it.\n";

const Asset* asset_at(std::string_view path) {
  const auto all = assets();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Asset& asset) { return asset.path == path; });
  return found == all.end() ? nullptr : &*found;
}

/// A place within the dashboard: its page reads the path itself. Ids of sagas and names of
/// definitions may hold dots; elsewhere a dot begins a file's extension.
bool is_place(std::string_view path) {
  if (path == "/v1" || path.starts_with("/v1/")) return false;
  if (path.starts_with("/sagas/") || path.starts_with("/definitions/")) return true;
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

bool has_item(std::optional<std::string_view> list, std::string_view item) {
  return list && (*list == "*" || list->find(item) != std::string_view::npos);
}

/// "gzip;q=0" would say no, and nobody says it.
bool takes_gzip(const Request& request) {
  return has_item(request.headers.find("Accept-Encoding"), "gzip");
}

void add_protection(Headers& headers) {
  headers.add("Content-Security-Policy", std::string(content_policy));
  headers.add("X-Content-Type-Options", "nosniff");
  headers.add("X-Frame-Options", "DENY");
  headers.add("Referrer-Policy", "no-referrer");
}

Response serve(const Asset& asset, const Request& request) {
  Response response;
  response.headers.add("Content-Type", std::string(asset.type));
  response.headers.add("ETag", std::string(asset.etag));
  response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("Cache-Control",
                       asset.hashed ? "public, max-age=31536000, immutable" : "no-cache");
  add_protection(response.headers);
  if (has_item(request.headers.find("If-None-Match"), asset.etag)) {
    response.status = 304;
    return response;
  }
  const bool zipped = takes_gzip(request);
  if (zipped) response.headers.add("Content-Encoding", "gzip");
  response.body = zipped ? asset.gzip : asset.plain;
  return response;
}

Response not_built() {
  Response response;
  response.status = 404;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  add_protection(response.headers);
  response.body = how_to_get_it;
  return response;
}

Response answer(const Request& request) {
  const auto nothing = [] {
    return problem(404, "ROUTE_NOT_FOUND", "nothing is served at this path");
  };
  if (request.method != "GET" && request.method != "HEAD") return nothing();
  if (const auto* asset = asset_at(request.path)) return serve(*asset, request);
  // Who does not ask for a page is a client of the API with a wrong path, and shall hear of it.
  const bool by_browser = has_item(request.headers.find("Accept"), "text/html");
  if (request.path != "/" && (!by_browser || !is_place(request.path))) return nothing();
  if (const auto* page = asset_at("/index.html")) return serve(*page, request);
  return request.path == "/" ? not_built() : nothing();
}

}  // namespace

void add_dashboard(Router& router) {
  router.otherwise(
      [](const Request& request, const Respond& respond) { respond(answer(request)); });
}

}  // namespace skald::http
