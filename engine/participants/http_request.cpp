#include "engine/participants/http_request.hpp"

#include <algorithm>
#include <cstdint>

namespace skald {

namespace {

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alphanumeric || token_marks.find(c) != token_marks.npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

Result<void> check_target(const HttpTarget& target) {
  const auto refusal = [](std::string message, std::string hint) {
    return Error{ErrorCode::invalid_argument, std::move(message), std::move(hint), {}};
  };
  if (!is_token(target.method))
    return refusal("'" + field_value(target.method) + "' is no HTTP method.",
                   "Use POST, PUT, PATCH, DELETE or GET.");
  const std::string path = "The path '" + field_value(target.path) + "' ";
  const bool origin_form = target.path.starts_with('/') &&
                           target.path.find('#') == target.path.npos &&
                           std::all_of(target.path.begin(), target.path.end(), is_visible);
  if (!origin_form)
    return refusal(path + "is not in origin-form.",
                   "Begin with '/', leave out the fragment and percent-encode spaces, control "
                   "characters and what is not ASCII.");
  if (has_dot_segment(target.path))
    return refusal(path + "has a '.' or '..' segment.", "Write the path without dot segments.");
  return {};
}

/// FNV-1a over `text` from `start`, then the finalizer of SplitMix64, which spreads every bit.
std::uint64_t hash_of(std::string_view text, std::uint64_t start) {
  std::uint64_t hash = start;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

void append_hex(std::string& out, std::uint64_t value) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += hex[(value >> shift) & 15];
}

constexpr std::uint64_t fnv_offset = 0xcbf29ce484222325ULL;
constexpr std::uint64_t second_offset = 0x9e3779b97f4a7c15ULL;

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

std::string_view phase_of(const Invocation& invocation) {
  return invocation.undo ? "undo" : "forward";
}

}  // namespace

std::string field_value(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string value;
  value.reserve(text.size());
  for (const char c : text) {
    if (is_visible(c) && c != '%') {
      value += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    value += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return value;
}

std::string quoted_string(std::string_view text) {
  std::string value = "\"";
  for (const char c : field_value(text)) {
    if (c == '"' || c == '\\') value += '\\';
    value += c;
  }
  return value + '"';
}

std::string traceparent(const Invocation& invocation) {
  const std::string& saga = invocation.saga.value;
  const std::string span = saga + '\n' + invocation.step + '\n' +
                           std::string(phase_of(invocation)) + '\n' +
                           std::to_string(invocation.attempt);
  // All zeros are invalid ids.
  std::string value = "00-";
  append_hex(value, std::max<std::uint64_t>(hash_of(saga, fnv_offset), 1));
  append_hex(value, hash_of(saga, second_offset));
  value += '-';
  append_hex(value, std::max<std::uint64_t>(hash_of(span, fnv_offset), 1));
  return value + "-01";
}

Result<std::string> request_text(const BaseUrl& base, const HttpTarget& target,
                                 const Invocation& invocation) {
  if (const auto checked = check_target(target); !checked) return checked.error();
  const bool has_body = !invocation.body.is_null();
  const std::string_view body = has_body ? std::string_view(invocation.body.text()) : "";

  std::string text;
  text.reserve(600 + base.path.size() + target.path.size() + body.size());
  text += target.method + ' ' + base.path + target.path + " HTTP/1.1\r\n";
  append_field(text, "Host", base.authority);
  append_field(text, "Accept", "application/json");
  if (has_body) append_field(text, "Content-Type", "application/json");
  if (has_body || target.method != "GET")
    append_field(text, "Content-Length", std::to_string(body.size()));
  append_field(text, "Saga-Id", field_value(invocation.saga.value));
  append_field(text, "Saga-Definition",
               field_value(invocation.definition.name) + '/' +
                   std::to_string(invocation.definition.version));
  append_field(text, "Saga-Step", field_value(invocation.step));
  append_field(text, "Saga-Phase", phase_of(invocation));
  append_field(text, "Saga-Attempt", std::to_string(invocation.attempt));
  append_field(text, "Idempotency-Key", quoted_string(invocation.idempotency_key));
  append_field(text, "traceparent", traceparent(invocation));
  text += "\r\n";
  text += body;
  return text;
}

}  // namespace skald
