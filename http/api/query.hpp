#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/error.hpp"
#include "engine/model/time.hpp"

namespace skald::http {

/// The parameters of one request's query, and everything that is wrong with them. What is wrong
/// reads as if it was not there.
class Query {
 public:
  /// Reads `query` (what follows '?'). Parameters that are not among `known`, empty, or given twice
  /// are wrong: a filter that is misread would show other sagas than were asked for.
  Query(std::string_view query, const std::vector<std::string_view>& known);

  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                                    std::int64_t most);
  [[nodiscard]] std::optional<Timestamp> time(std::string_view name);

  /// The parts of a list like "a,b"; none when it is not given.
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;

  void refuse(std::string_view name, std::string why, std::string code = "QUERY_VALUE");

  /// What is wrong, as one refusal; none when everything is right.
  [[nodiscard]] std::optional<Error> error() const;

  /// The parameters as a query again, without the one called `name`.
  [[nodiscard]] std::string without(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::vector<Finding> findings_;
};

}  // namespace skald::http
