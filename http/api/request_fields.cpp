#include "http/api/request_fields.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "http/server/field_syntax.hpp"

namespace skald::http {

namespace {

constexpr std::size_t key_bytes_max = 500;
constexpr std::int64_t wait_seconds_max = 60;

/// The values of all fields called `name`, in order.
std::vector<std::string_view> values_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [field, value] : headers.fields)
    if (same_ignoring_case(field, name)) values.push_back(value);
  return values;
}

/// What stands between the `separator`s outside quoted strings, without blanks around it.
std::vector<std::string_view> split(std::string_view list, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '\\' && quoted)
      ++i;
    else if (list[i] == '"')
      quoted = !quoted;
    else if (list[i] == separator && !quoted) {
      parts.push_back(trim_blanks(list.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  parts.push_back(trim_blanks(list.substr(begin)));
  return parts;
}

/// The content of a string of RFC 8941 §3.3.3, given with its quotes.
std::optional<std::string> unquote(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string content;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 0x20 || text[i] > 0x7e || text[i] == '"') return std::nullopt;
    if (text[i] == '\\' && (++i == text.size() || (text[i] != '"' && text[i] != '\\')))
      return std::nullopt;
    content += text[i];
  }
  return content;
}

bool has_type(const Headers& headers, std::string_view type) {
  const auto types = values_of(headers, "Content-Type");
  return types.size() == 1 && same_ignoring_case(split(types[0], ';')[0], type);
}

std::optional<std::string> bare(std::string_view text) {
  std::string plain(text);  // a token, but for the few characters that ids and base64 have besides
  for (const char c : {':', '/', '='}) std::replace(plain.begin(), plain.end(), c, '-');
  if (!is_token(plain)) return std::nullopt;
  return std::string(text);
}

Error bad_key(std::string why) {
  return {ErrorCode::invalid_argument,
          "The header Idempotency-Key " + why + ".",
          "Send one key of 1 to 500 visible ASCII characters, for example a UUID.",
          {{"Idempotency-Key", std::move(why), "IDEMPOTENCY_KEY"}}};
}

/// The value of a preference, unquoted.
std::optional<std::chrono::seconds> wait_seconds(std::string_view value) {
  const auto quoted = unquote(value);
  if (quoted) value = *quoted;
  std::int64_t seconds = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = std::min(seconds * 10 + (c - '0'), wait_seconds_max);
  }
  if (value.empty()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// The number between the quotes of an ETag.
std::optional<std::int64_t> revision_in(std::string_view tag) {
  if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return std::nullopt;
  const auto digits = tag.substr(1, tag.size() - 2);
  std::int64_t revision = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, failure] = std::from_chars(digits.data(), end, revision);
  if (failure != std::errc{} || rest != end) return std::nullopt;
  return revision;
}

}  // namespace

bool is_json(const Headers& headers) { return has_type(headers, "application/json"); }

bool is_yaml(const Headers& headers) {
  return has_type(headers, "application/yaml") || has_type(headers, "application/x-yaml");
}

bool is_ndjson(const Headers& headers) { return has_type(headers, "application/x-ndjson"); }

Result<std::string> idempotency_key(const Headers& headers) {
  const auto values = values_of(headers, "Idempotency-Key");
  if (values.empty()) return std::string();
  if (values.size() > 1) return bad_key("is there more than once");
  const auto value = trim_blanks(values[0]);
  const auto key = value.starts_with('"') ? unquote(value) : bare(value);
  if (value.empty() || (key && key->empty())) return bad_key("is empty");
  if (!key) return bad_key("is neither a quoted string nor a plain token");
  if (key->size() > key_bytes_max) return bad_key("is longer than 500 bytes");
  return *key;
}

std::optional<std::chrono::seconds> preferred_wait(const Headers& headers) {
  for (const auto field : values_of(headers, "Prefer")) {
    for (const auto preference : split(field, ',')) {
      const auto word = split(preference, ';')[0];
      const auto equals = word.find('=');
      if (!same_ignoring_case(trim_blanks(word.substr(0, equals)), "wait")) continue;
      // Of a preference given twice only the first counts (RFC 7240 §2).
      if (equals == std::string_view::npos) return std::nullopt;
      return wait_seconds(trim_blanks(word.substr(equals + 1)));
    }
  }
  return std::nullopt;
}

Result<std::optional<std::int64_t>> if_match(const Headers& headers) {
  const auto values = values_of(headers, "If-Match");
  if (values.empty()) return std::optional<std::int64_t>();
  const auto tag = trim_blanks(values[0]);
  if (values.size() == 1 && tag == "*") return std::optional<std::int64_t>();
  const auto revision = revision_in(tag);
  if (values.size() == 1 && revision) return revision;
  return Error{ErrorCode::invalid_argument,
               "If-Match is not the ETag of a saga.",
               "Send one ETag as GET /v1/sagas/{id} gives it, such as \"7\" with its quotes.",
               {{"If-Match", "must be one ETag", "IF_MATCH"}}};
}

bool none_match_names(const Headers& headers, std::string_view etag) {
  for (const auto field : values_of(headers, "If-None-Match"))
    for (auto tag : split(field, ',')) {
      if (tag.starts_with("W/")) tag.remove_prefix(2);  // the comparison is the weak one
      if (tag == etag || tag == "*") return true;
    }
  return false;
}

}  // namespace skald::http
