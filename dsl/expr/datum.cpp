#include "dsl/expr/datum.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace skald::expr {

namespace {

Datum of_kind(Kind kind, std::int64_t value) {
  Datum datum;
  datum.kind = kind;
  datum.integer = value;
  return datum;
}

Datum of_tree(Kind kind, const nlohmann::json& value) {
  Datum datum;
  datum.kind = kind;
  datum.from_json = true;
  datum.size = static_cast<std::uint32_t>(value.size());
  datum.json = &value;
  return datum;
}

Datum of_unsigned(const nlohmann::json& value) {
  const auto number = *value.get_ptr<const std::uint64_t*>();
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return of_tree(Kind::oversized, value);
  return of_integer(static_cast<std::int64_t>(number));
}

}  // namespace

Datum of_boolean(bool value) {
  Datum datum;
  datum.kind = Kind::boolean;
  datum.truth = value;
  return datum;
}

Datum of_integer(std::int64_t value) { return of_kind(Kind::integer, value); }

Datum of_real(double value) {
  Datum datum;
  datum.kind = Kind::real;
  datum.real = value;
  return datum;
}

Datum of_decimal(const Decimal& value) {
  Datum datum;
  datum.kind = Kind::decimal;
  datum.scale = value.scale;
  datum.units = value.units;
  return datum;
}

Datum of_text(std::string_view value) {
  Datum datum;
  datum.kind = Kind::text;
  datum.size = static_cast<std::uint32_t>(value.size());
  datum.characters = value.data();
  return datum;
}

Datum of_timestamp(Timestamp value) {
  return of_kind(Kind::timestamp, value.time_since_epoch().count());
}

Datum of_duration(Duration value) { return of_kind(Kind::duration, value.count()); }

Datum of_json(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::boolean:
      return of_boolean(*value.get_ptr<const bool*>());
    case nlohmann::json::value_t::number_integer:
      return of_integer(*value.get_ptr<const std::int64_t*>());
    case nlohmann::json::value_t::number_unsigned:
      return of_unsigned(value);
    case nlohmann::json::value_t::number_float:
      return of_real(*value.get_ptr<const double*>());
    case nlohmann::json::value_t::string:
      return of_text(*value.get_ptr<const std::string*>());
    case nlohmann::json::value_t::array:
      return of_tree(Kind::list, value);
    case nlohmann::json::value_t::object:
      return of_tree(Kind::map, value);
    default:
      return {};
  }
}

Datum item_of(const Datum& list, std::size_t index) {
  return list.from_json ? of_json((*list.json)[index]) : list.items[index];
}

std::optional<Datum> entry_of(const Datum& map, std::string_view key) {
  if (map.from_json) {
    const auto found = map.json->find(key);
    return found == map.json->end() ? std::nullopt : std::optional(of_json(*found));
  }
  for (std::size_t i = 0; i < map.size; ++i)
    if (map.items[2 * i].text() == key) return map.items[2 * i + 1];
  return std::nullopt;
}

bool for_each_entry(const Datum& map,
                    const std::function<bool(std::string_view, const Datum&)>& visit) {
  if (!map.from_json) {
    for (std::size_t i = 0; i < map.size; ++i)
      if (!visit(map.items[2 * i].text(), map.items[2 * i + 1])) return false;
    return true;
  }
  for (auto entry = map.json->begin(); entry != map.json->end(); ++entry)
    if (!visit(entry.key(), of_json(*entry))) return false;
  return true;
}

bool same_oversized(const Datum& a, const Datum& b) { return *a.json == *b.json; }

}  // namespace skald::expr
