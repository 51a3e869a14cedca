#include "dsl/json/fields.hpp"

#include <algorithm>

#include "engine/model/names.hpp"

namespace skald::document {

Fields::Fields(const Node& node, std::string_view what, Words keys, Report& report)
    : node_(node), what_(what), report_(report) {
  const auto* members = node.object();
  if (members == nullptr) {
    report.add(*node.place, what_ + " is an object, not " + std::string(node.kind()), "TYPE");
    return;
  }
  for (const auto& member : *members)
    if (std::find(keys.begin(), keys.end(), member.key) == keys.end())
      report.add_at_key(*member.value.place,
                        what_ + " has no key '" + shown(member.key) + "'" +
                            (report.full() ? "" : suggestion(member.key, keys)),
                        "UNKNOWN_KEY");
}

void Fields::not_a(std::string_view key, const Node& found, const std::string& wanted) {
  report_.add(*found.place,
              "'" + std::string(key) + "' of " + what_ + " is " + wanted + ", not " +
                  std::string(found.kind()),
              "TYPE");
}

const Node* Fields::require(std::string_view key, std::string_view why) {
  const Node* found = find(key);
  if (found == nullptr && node_.object() != nullptr)
    report_.add(*node_.place, what_ + " needs '" + std::string(key) + "': " + std::string(why),
                "MISSING_KEY");
  return found;
}

std::optional<std::string> Fields::text(std::string_view key) {
  const Node* found = find(key);
  if (found == nullptr) return std::nullopt;
  const auto* text = text_of(*found, "'" + std::string(key) + "' of " + what_, report_);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::uint32_t> Fields::whole(std::string_view key, std::uint32_t least,
                                           std::uint32_t most) {
  const Node* found = find(key);
  if (found == nullptr) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&found->value);
  if (number != nullptr && *number >= least && *number <= most)
    return static_cast<std::uint32_t>(*number);
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  if (number == nullptr)
    not_a(key, *found, "a whole number, " + range);
  else
    report_.add(*found->place, "'" + std::string(key) + "' is out of range: " + range, "RANGE");
  return std::nullopt;
}

std::optional<double> Fields::number(std::string_view key, double least, double most) {
  const Node* found = find(key);
  if (found == nullptr) return std::nullopt;
  std::optional<double> value;
  if (const auto* whole = std::get_if<std::int64_t>(&found->value))
    value = static_cast<double>(*whole);
  if (const auto* fraction = std::get_if<double>(&found->value)) value = *fraction;
  if (!value) {
    not_a(key, *found, "a number");
    return std::nullopt;
  }
  if (*value >= least && *value <= most) return value;
  const auto print = [](double limit) { return std::to_string(static_cast<long>(limit)); };
  report_.add(*found->place,
              "'" + std::string(key) + "' is out of range: " + print(least) + " to " + print(most),
              "RANGE");
  return std::nullopt;
}

std::optional<Duration> Fields::duration(std::string_view key, Duration least) {
  const Node* found = find(key);
  if (found == nullptr) return std::nullopt;
  return duration_of(*found, "'" + std::string(key) + "'", least, report_);
}

std::optional<bool> Fields::flag(std::string_view key) {
  const Node* found = find(key);
  if (found == nullptr) return std::nullopt;
  if (const auto* flag = std::get_if<bool>(&found->value)) return *flag;
  not_a(key, *found, "true or false");
  return std::nullopt;
}

std::optional<std::size_t> Fields::word(std::string_view key, Words words) {
  const Node* found = find(key);
  if (found == nullptr) return std::nullopt;
  const auto* text = found->text();
  const auto known = text == nullptr ? words.end() : std::find(words.begin(), words.end(), *text);
  if (known != words.end()) return static_cast<std::size_t>(known - words.begin());
  if (text == nullptr)
    not_a(key, *found, one_of(words));
  else
    report_.add(*found->place,
                "'" + std::string(key) + "' is " + one_of(words) + ", not '" + shown(*text) + "'" +
                    suggestion(*text, words),
                "UNKNOWN_WORD");
  return std::nullopt;
}

const Node::List* Fields::list(std::string_view key) {
  const Node* found = find(key);
  if (found != nullptr && found->list() == nullptr) not_a(key, *found, "a list");
  return found == nullptr ? nullptr : found->list();
}

const Node* Fields::object(std::string_view key) {
  const Node* found = find(key);
  if (found == nullptr || found->object() != nullptr) return found;
  not_a(key, *found, "an object");
  return nullptr;
}

const std::string* text_of(const Node& node, std::string_view what, Report& report) {
  const auto* text = node.text();
  if (text == nullptr)
    report.add(*node.place, std::string(what) + " is text, not " + std::string(node.kind()),
               "TYPE");
  else if (text->empty())
    report.add(*node.place, std::string(what) + " is empty", "EMPTY");
  return text == nullptr || text->empty() ? nullptr : text;
}

std::optional<Duration> duration_of(const Node& node, std::string_view what, Duration least,
                                    Report& report) {
  const auto* text = node.text();
  const auto span = text == nullptr ? std::nullopt : parse_duration(*text);
  if (!span)
    report.add(*node.place,
               std::string(what) +
                   " is a span of time of at most ten years, such as \"200ms\", \"2s\" or "
                   "\"1h30m\"" +
                   (text == nullptr ? "" : ", not '" + shown(*text) + "'"),
               text == nullptr ? "TYPE" : "DURATION");
  else if (*span < least)
    report.add(*node.place, std::string(what) + " is at least " + duration_text(least), "RANGE");
  else
    return span;
  return std::nullopt;
}

bool check_name(std::string_view name, std::string_view what, const Place& place, Report& report) {
  const bool good = is_name(name);
  if (!good)
    report.add_at_key(
        place,
        "'" + shown(name) + "' cannot name " + std::string(what) + ": " + std::string(name_rule),
        "NAME");
  return good;
}

}  // namespace skald::document
