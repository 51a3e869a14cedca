#include "http/api/saga_filter.hpp"

namespace skald::http {

namespace {

std::string known_statuses() {
  std::string names;
  for (int i = 0; i <= static_cast<int>(Status::terminated); ++i)
    names.append(i == 0 ? "" : ", ").append(name_of(static_cast<Status>(i)));
  return names;
}

}  // namespace

std::vector<Status> statuses_in(Query& query) {
  std::vector<Status> statuses;
  for (const auto& name : query.list("status")) {
    if (const auto status = status_named(name))
      statuses.push_back(*status);
    else
      query.refuse("status", "'" + name + "' is not a status; there are: " + known_statuses());
  }
  if (const auto stuck = query.text("stuck")) {
    if (*stuck != "true" || query.text("status"))
      query.refuse("stuck", "must be true, and stand for status=stuck instead of beside status");
    statuses = {Status::stuck};
  }
  return statuses;
}

}  // namespace skald::http
