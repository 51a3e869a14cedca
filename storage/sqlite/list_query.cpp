#include "storage/sqlite/list_query.hpp"

#include <algorithm>

namespace skald::sqlite {

namespace {

/// SQLite joins at most 500 selects (sqlite.org/limits.html).
constexpr std::size_t parts_max = 400;

std::vector<Status> all_statuses() {
  std::vector<Status> all;
  for (int i = 0; i <= static_cast<int>(Status::terminated); ++i)
    all.push_back(static_cast<Status>(i));
  return all;
}

/// Each status once: one given twice would show its sagas twice.
std::vector<Status> distinct(std::vector<Status> statuses) {
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

class Builder {
 public:
  Builder(const SagaFilter& filter, KeyRange range) : filter_(filter), range_(range) {}

  /// SELECT of the keys that `index` gives in order, with the conditions every part has.
  void part(const char* index) {
    if (!query_.sql.empty()) query_.sql += " UNION ALL ";
    query_.sql += "SELECT key FROM saga ";
    query_.sql += index;
    query_.sql += " WHERE key BETWEEN ? AND ?";
    query_.values.emplace_back(range_.first);
    query_.values.emplace_back(range_.last);
    if (filter_.created_from) also(" AND created >= ?", *filter_.created_from);
    if (filter_.created_before) also(" AND created < ?", *filter_.created_before);
  }

  void definition_named() {
    if (!filter_.definition.empty()) also(" AND definition = ?", filter_.definition);
  }

  void also(const char* condition, Timestamp value) {
    query_.sql += condition;
    query_.values.emplace_back(std::int64_t{value.time_since_epoch().count()});
  }

  void also(const char* condition, std::string value) {
    query_.sql += condition;
    query_.values.emplace_back(std::move(value));
  }

  void status_among(const std::vector<Status>& statuses) {
    for (std::size_t i = 0; i < statuses.size(); ++i)
      also(i == 0 ? " AND status IN (?" : ", ?", std::string(name_of(statuses[i])));
    if (!statuses.empty()) query_.sql += ")";
  }

  ListQuery finish(std::size_t limit) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    query_.sql += " ORDER BY key DESC LIMIT ?";
    query_.values.emplace_back(limit < std::size_t{most} ? static_cast<std::int64_t>(limit) : most);
    return std::move(query_);
  }

 private:
  const SagaFilter& filter_;
  KeyRange range_;
  ListQuery query_;
};

}  // namespace

ListQuery list_query(const SagaFilter& filter, KeyRange range, std::size_t limit,
                     const std::vector<std::string>& definitions) {
  Builder builder(filter, range);
  const std::vector<Status> statuses = distinct(filter.statuses);
  if (!filter.business_key.empty()) {
    builder.part("INDEXED BY saga_by_business_key");
    // The index holds no empty keys, and the planner takes it only when told so by a literal.
    builder.also(" AND business_key <> '' AND business_key = ?", filter.business_key);
    builder.definition_named();
    builder.status_among(statuses);
    return builder.finish(limit);
  }
  const auto all = statuses.empty() ? all_statuses() : statuses;
  const auto named = filter.definition.empty() ? definitions : std::vector{filter.definition};
  const bool everything = statuses.empty() && filter.definition.empty();
  if (everything || named.empty() || named.size() * all.size() > parts_max) {
    builder.part("NOT INDEXED");
    builder.definition_named();
    builder.status_among(statuses);
    return builder.finish(limit);
  }
  for (const std::string& definition : named)
    for (const Status status : all) {
      builder.part("INDEXED BY saga_by_definition");
      builder.also(" AND definition = ?", definition);
      builder.also(" AND status = ?", std::string(name_of(status)));
    }
  return builder.finish(limit);
}

}  // namespace skald::sqlite
