#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server/message.hpp"

namespace skald::http {

/// What the {names} of a route's template stood for: percent-decoded, not empty, UTF-8.
class PathParameters {
 public:
  void add(std::string name, std::string value);
  /// The value of `name`, which must be in the route's template: otherwise an invariant is broken.
  [[nodiscard]] const std::string& at(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

/// Handles the requests of one route. The same rules as for Handler.
using RouteHandler = std::function<void(Request, PathParameters, Respond)>;

/// Finds the handler for a request's method and path.
///
/// A template such as "/v1/sagas/{id}/retry" matches segment by segment: a literal only its own
/// bytes, unescaped; a {name} any one segment but the empty one, "." and "..", escaped or not. So
/// nothing is normalised, and "//" or "/../" match no route. Where two templates match, the one
/// with the earlier literal wins ("/sagas/search" before "/sagas/{id}").
///
/// Answers by itself, with a problem body: 404 for unknown paths, 405 with Allow for unknown
/// methods of known paths, 400 for parameters with a broken escape or not in UTF-8. HEAD is
/// answered by the GET handler, OPTIONS with 204 and Allow. First add(), then handle() from any
/// number of threads.
class Router {
 public:
  /// `path_template` starts with '/'. Adding the same method and path twice, or the same path with
  /// other parameter names, breaks an invariant.
  void add(std::string method, std::string path_template, RouteHandler handler);

  /// Has `handler` answer for every path that no template matches, instead of the 404.
  void otherwise(Handler handler) { otherwise_ = std::move(handler); }

  void handle(Request request, Respond respond) const;

  struct Route {
    std::string method;
    std::string path_template;
    friend bool operator==(const Route&, const Route&) = default;
  };
  /// All routes in the order of their paths' first add().
  [[nodiscard]] std::vector<Route> routes() const;

 private:
  struct Segment {
    std::string text;  ///< the literal, or the parameter's name
    bool is_parameter;
  };
  struct Path {
    std::string path_template;
    std::vector<Segment> segments;
    std::vector<std::pair<std::string, RouteHandler>> methods;

    [[nodiscard]] const RouteHandler* find(std::string_view method) const;
    [[nodiscard]] std::string allow() const;
  };

  [[nodiscard]] Path& path_for(std::string path_template);
  [[nodiscard]] const Path* match(const std::vector<std::string_view>& segments) const;
  [[nodiscard]] static bool matches(const Path& path,
                                    const std::vector<std::string_view>& segments);
  [[nodiscard]] static bool is_more_literal(const Path& path, const Path& other);

  std::vector<Path> paths_;
  Handler otherwise_;
};

}  // namespace skald::http
