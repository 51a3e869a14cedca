#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "engine/model/json.hpp"
#include "examples/services/service/answer.hpp"
#include "examples/services/service/database.hpp"
#include "http/server/router.hpp"

namespace skald::services {

/// One request, as an operation of a service sees it.
struct Call {
  http::PathParameters path;                              ///< the {names} of the route
  std::map<std::string, std::string, std::less<>> query;  ///< after '?'
  Json body;
  std::int64_t now_us = 0;  ///< wall clock, microseconds since 1970, read once per request

  /// The whole number in query field `name`, or `otherwise` where there is none.
  [[nodiscard]] std::int64_t number(const std::string& name, std::int64_t otherwise) const;
};

/// What a service does on a request, inside a transaction that is rolled back to where it was
/// unless the answer is a 2xx. May throw what Database throws.
using Action = std::function<Answer(Database&, const Call&)>;

}  // namespace skald::services
