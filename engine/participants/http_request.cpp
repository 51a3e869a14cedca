#include "engine/participants/http_request.hpp"

#include <algorithm>
#include <cstdint>

#include "engine/model/http_rules.hpp"
#include "engine/participants/http_headers.hpp"
#include "engine/participants/safe_text.hpp"

namespace skald {

namespace {

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

Error refusal(std::string message, std::string hint) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(hint), {}};
}

/// `computed`: for this saga, so that its data and not only its definition can be wrong.
Result<void> check_path(const std::string& path, bool computed) {
  const std::string shown = "The path '" + safe_text(field_value(path), 200) + "' " +
                            (computed ? "that the step made for this saga " : "");
  if (const auto fault = wrong_path(path)) return refusal(shown + fault->why + ".", fault->hint);
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
                           std::string(name_of(invocation.phase)) + '\n' +
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
                                 const Invocation& invocation, const Secrets& secrets) {
  if (!is_token(target.method))
    return refusal("'" + field_value(target.method) + "' is no HTTP method.",
                   "Use POST, PUT, PATCH, DELETE or GET.");
  const bool computed = !invocation.address.empty();
  const std::string& path = computed ? invocation.address : target.path;
  if (const auto checked = check_path(path, computed); !checked) return checked.error();
  const auto own_lines = header_lines(target.headers, secrets);
  if (!own_lines) return own_lines.error();
  const bool has_body = !invocation.body.is_null();
  const std::string_view body = has_body ? std::string_view(invocation.body.text()) : "";

  std::string text;
  text.reserve(600 + base.path.size() + path.size() + own_lines->size() + body.size());
  text += target.method + ' ' + base.path + path + " HTTP/1.1\r\n";
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
  append_field(text, "Saga-Phase", name_of(invocation.phase));
  append_field(text, "Saga-Attempt", std::to_string(invocation.attempt));
  append_field(text, "Idempotency-Key", quoted_string(invocation.idempotency_key));
  append_field(text, "traceparent", traceparent(invocation));
  text += *own_lines;
  text += "\r\n";
  text += body;
  return text;
}

}  // namespace skald
