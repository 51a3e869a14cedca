#include "http/server/response_head.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "http/server/field_syntax.hpp"
#include "http/server/problem.hpp"

namespace skald::http {
namespace {

constexpr std::array<std::string_view, 6> owned_by_server = {
    "Content-Length",        "Date", "Server", "Connection", "Transfer-Encoding",
    "X-Content-Type-Options"};

bool is_owned_by_server(std::string_view name) {
  return std::any_of(owned_by_server.begin(), owned_by_server.end(),
                     [&](std::string_view owned) { return same_ignoring_case(owned, name); });
}

void append_two_digits(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

void append_length(std::string& head, const Response& response, const Delivery& delivery) {
  if (response.status == 204 || response.status == 304) return;
  if (!response.stream)
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  else if (!delivery.http_1_0)
    head += "Transfer-Encoding: chunked\r\n";
}

void append_connection(std::string& head, const Delivery& delivery) {
  if (!delivery.keep_alive) head += "Connection: close\r\n";
  if (delivery.keep_alive && delivery.http_1_0) head += "Connection: keep-alive\r\n";
}

}  // namespace

bool is_sendable(const Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  const auto& fields = response.headers.fields;
  return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
    return is_token(field.first) && is_field_value(field.second);
  });
}

bool has_body(const Response& response, const Delivery& delivery) {
  return !delivery.head_only && response.status != 204 && response.status != 304;
}

std::string response_head(const Response& response, const Delivery& delivery) {
  std::string head;
  head.reserve(384);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason_phrase(response.status);
  head += "\r\n";
  bool cache_control = false;
  for (const auto& [name, value] : response.headers.fields) {
    if (is_owned_by_server(name)) continue;
    cache_control = cache_control || same_ignoring_case(name, "Cache-Control");
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!cache_control) head += "Cache-Control: no-store\r\n";
  append_length(head, response, delivery);
  append_connection(head, delivery);
  head += "Server: skald\r\nX-Content-Type-Options: nosniff\r\nDate: ";
  head += http_date(delivery.now);
  head += "\r\n\r\n";
  return head;
}

std::string http_date(std::chrono::sys_seconds when) {
  static constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  std::string text;
  text += weekdays.substr(std::chrono::weekday(day).c_encoding() * 3, 3);
  text += ", ";
  append_two_digits(text, static_cast<unsigned>(date.day()));
  text += ' ';
  text += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
  text += ' ';
  text += std::to_string(static_cast<int>(date.year()));
  text += ' ';
  append_two_digits(text, static_cast<unsigned>(time.hours().count()));
  text += ':';
  append_two_digits(text, static_cast<unsigned>(time.minutes().count()));
  text += ':';
  append_two_digits(text, static_cast<unsigned>(time.seconds().count()));
  text += " GMT";
  return text;
}

}  // namespace skald::http
