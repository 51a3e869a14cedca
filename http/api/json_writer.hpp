#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/json.hpp"
#include "engine/model/time.hpp"

namespace skald::http {

/// Writes one JSON text from front to back; stored values are copied as the text they are. Commas
/// come by themselves; begin and end in pairs are the caller's. Texts must be valid UTF-8.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& end_array() { return close(']'); }

  /// The name of the member that is written next.
  JsonWriter& name(std::string_view name);

  // One value: an element of an array, or what follows name().
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value) { return raw(std::to_string(value)); }
  JsonWriter& flag(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& time(Timestamp value) { return text(to_rfc3339(value)); }
  JsonWriter& value(const Json& value) { return raw(value.text()); }
  /// `json` is copied as it is.
  JsonWriter& raw(std::string_view json);

  // One member.
  JsonWriter& text(std::string_view key, std::string_view value) { return name(key).text(value); }
  JsonWriter& integer(std::string_view key, std::int64_t value) { return name(key).integer(value); }
  JsonWriter& flag(std::string_view key, bool value) { return name(key).flag(value); }
  JsonWriter& time(std::string_view key, Timestamp moment) { return name(key).time(moment); }
  JsonWriter& value(std::string_view key, const Json& json) { return name(key).value(json); }
  JsonWriter& text_unless_empty(std::string_view key, std::string_view value);
  JsonWriter& time_if_any(std::string_view key, std::optional<Timestamp> moment);
  /// An array of the texts in `range`.
  template <class Range>
  JsonWriter& texts(std::string_view key, const Range& range) {
    name(key).begin_array();
    for (const auto& one : range) text(one);
    return end_array();
  }

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string out_;
  bool first_ = true;  ///< nothing was written since the last opening bracket or name
};

}  // namespace skald::http
