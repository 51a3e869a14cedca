#include "http/api/query.hpp"

#include <algorithm>
#include <charconv>

#include "http/server/uri.hpp"

namespace skald::http {

namespace {

std::string list_of(const std::vector<std::string_view>& names) {
  std::string list;
  for (const auto name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list.empty() ? "none" : list;
}

}  // namespace

Query::Query(std::string_view query, const std::vector<std::string_view>& known) {
  auto parsed = parse_query(query);
  if (!parsed) {
    findings_ = parsed.error().findings;
    return;
  }
  for (auto& [name, value] : *parsed) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      refuse(name, "is not a parameter here; there are: " + list_of(known), "QUERY_UNKNOWN");
    else if (value.empty())
      refuse(name, "must not be empty; leave it out instead");
    else if (text(name))
      refuse(name, "must be given once", "QUERY_TWICE");
    else
      pairs_.emplace_back(std::move(name), std::move(value));
  }
}

std::optional<std::string> Query::text(std::string_view name) const {
  for (const auto& [key, value] : pairs_)
    if (key == name) return value;
  return std::nullopt;
}

std::vector<std::string> Query::list(std::string_view name) const {
  std::vector<std::string> parts;
  const auto value = text(name);
  if (!value) return parts;
  std::string_view rest = *value;
  for (bool more = true; more;) {
    const auto part = rest.substr(0, rest.find(','));
    more = part.size() < rest.size();
    rest.remove_prefix(more ? part.size() + 1 : part.size());
    parts.emplace_back(part);
  }
  return parts;
}

std::optional<std::int64_t> Query::integer(std::string_view name, std::int64_t least,
                                           std::int64_t most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stopped, failure] = std::from_chars(value->data(), end, number);
  if (failure == std::errc{} && stopped == end && number >= least && number <= most) return number;
  refuse(name, "must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<Timestamp> Query::time(std::string_view name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto moment = parse_rfc3339(*value);
  if (!moment)
    refuse(name,
           "must be a time of RFC 3339 such as 2026-11-21T03:10:10.042Z (in a query '+' is "
           "written %2B)");
  return moment;
}

void Query::refuse(std::string_view name, std::string why, std::string code) {
  findings_.push_back({std::string(name), std::move(why), std::move(code)});
}

std::optional<Error> Query::error() const {
  if (findings_.empty()) return std::nullopt;
  return Error{ErrorCode::invalid_argument, "The query cannot be understood.",
               "Every error says which parameter and what would be right.", findings_};
}

std::string Query::without(std::string_view name) const {
  std::string query;
  for (const auto& [key, value] : pairs_) {
    if (key == name) continue;
    query.append(query.empty() ? "" : "&");
    query.append(percent_encode(key)).append("=").append(percent_encode(value));
  }
  return query;
}

}  // namespace skald::http
