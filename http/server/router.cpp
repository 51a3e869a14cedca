#include "http/server/router.hpp"

#include <algorithm>
#include <optional>

#include "engine/model/invariant.hpp"
#include "http/server/problem.hpp"
#include "http/server/uri.hpp"

namespace skald::http {
namespace {

/// What follows each '/' of `path`.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    segments.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(segments.back().size());
  }
  return segments;
}

/// False for segments that another reader of the same path might drop or resolve.
bool may_be_value(std::string_view segment) {
  if (segment.empty()) return false;
  const auto decoded = percent_decode(segment);
  return !decoded || (*decoded != "." && *decoded != "..");
}

Response method_not_allowed(const std::string& allow) {
  auto response = problem(405, "METHOD_NOT_ALLOWED", "this path answers to: " + allow);
  response.headers.add("Allow", allow);
  return response;
}

Response options(std::string allow) {
  Response response;
  response.status = 204;
  response.headers.add("Allow", std::move(allow));
  return response;
}

}  // namespace

void PathParameters::add(std::string name, std::string value) {
  values_.emplace_back(std::move(name), std::move(value));
}

const std::string& PathParameters::at(std::string_view name) const {
  const auto found = std::find_if(values_.begin(), values_.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  invariant(found != values_.end(), "a handler asks for a parameter that its route does not have");
  return found->second;
}

void Router::add(std::string method, std::string path_template, RouteHandler handler) {
  auto& path = path_for(std::move(path_template));
  const bool known = std::any_of(path.methods.begin(), path.methods.end(),
                                 [&](const auto& entry) { return entry.first == method; });
  invariant(!known, "a route was added twice");
  path.methods.emplace_back(std::move(method), std::move(handler));
}

Router::Path& Router::path_for(std::string path_template) {
  invariant(path_template.starts_with('/'), "a route's path does not start with '/'");
  const auto same = std::find_if(paths_.begin(), paths_.end(), [&](const Path& path) {
    return path.path_template == path_template;
  });
  if (same != paths_.end()) return *same;

  Path made;
  for (const auto text : split(path_template)) {
    const bool is_parameter = text.starts_with('{') && text.ends_with('}');
    made.segments.push_back(
        {std::string(is_parameter ? text.substr(1, text.size() - 2) : text), is_parameter});
  }
  made.path_template = std::move(path_template);
  for (const auto& path : paths_) {
    const bool rival = path.segments.size() == made.segments.size() &&
                       std::equal(path.segments.begin(), path.segments.end(), made.segments.begin(),
                                  [](const Segment& a, const Segment& b) {
                                    return a.is_parameter == b.is_parameter &&
                                           (a.is_parameter || a.text == b.text);
                                  });
    invariant(!rival, "two routes differ only in the names of their parameters");
  }
  return paths_.emplace_back(std::move(made));
}

void Router::handle(Request request, Respond respond) const {
  const auto segments = split(request.path);
  const auto* path = match(segments);
  if (path == nullptr && otherwise_) return otherwise_(std::move(request), std::move(respond));
  if (path == nullptr)
    return respond(problem(404, "ROUTE_NOT_FOUND", "nothing is served at this path"));
  const auto* handler = path->find(request.method);
  if (handler == nullptr && request.method == "OPTIONS") return respond(options(path->allow()));
  if (handler == nullptr) return respond(method_not_allowed(path->allow()));

  PathParameters parameters;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& segment = path->segments[i];
    if (!segment.is_parameter) continue;
    auto value = percent_decode(segments[i]);
    if (!value || !is_utf8(*value))
      return respond(problem(400, "PATH_ENCODING",
                             "the path parameter \"" + segment.text +
                                 "\" must be UTF-8, with '%' only before two hexadecimal digits"));
    parameters.add(segment.text, std::move(*value));
  }
  (*handler)(std::move(request), std::move(parameters), std::move(respond));
}

std::vector<Router::Route> Router::routes() const {
  std::vector<Route> routes;
  for (const auto& path : paths_) {
    for (const auto& [method, handler] : path.methods)
      routes.push_back({method, path.path_template});
  }
  return routes;
}

const Router::Path* Router::match(const std::vector<std::string_view>& segments) const {
  const Path* best = nullptr;
  for (const auto& path : paths_) {
    if (matches(path, segments) && (best == nullptr || is_more_literal(path, *best))) best = &path;
  }
  return best;
}

bool Router::matches(const Path& path, const std::vector<std::string_view>& segments) {
  return std::equal(path.segments.begin(), path.segments.end(), segments.begin(), segments.end(),
                    [](const Segment& own, std::string_view given) {
                      return own.is_parameter ? may_be_value(given) : own.text == given;
                    });
}

bool Router::is_more_literal(const Path& path, const Path& other) {
  for (std::size_t i = 0; i < path.segments.size(); ++i) {
    if (path.segments[i].is_parameter != other.segments[i].is_parameter)
      return other.segments[i].is_parameter;
  }
  return false;
}

const RouteHandler* Router::Path::find(std::string_view method) const {
  const auto named = [&](std::string_view wanted) {
    const auto found = std::find_if(methods.begin(), methods.end(),
                                    [&](const auto& entry) { return entry.first == wanted; });
    return found == methods.end() ? nullptr : &found->second;
  };
  const auto* exact = named(method);
  return exact == nullptr && method == "HEAD" ? named("GET") : exact;
}

std::string Router::Path::allow() const {
  std::string allow;
  for (const auto& [method, handler] : methods) {
    if (method == "OPTIONS") continue;
    allow += method + ", ";
    if (method == "GET") allow += "HEAD, ";
  }
  return allow + "OPTIONS";
}

}  // namespace skald::http
