#include "dsl/json/http_words.hpp"

#include <algorithm>
#include <array>

#include "dsl/expr/template.hpp"
#include "engine/model/http_rules.hpp"

namespace skald::document {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

/// The text with every "${…}" replaced by one letter. None: whoever compiles the expressions says
/// what is wrong.
std::optional<std::string> without_expressions(std::string_view text) {
  const auto pieces = expr::pieces_of(text);
  if (!pieces) return std::nullopt;
  std::string out;
  for (const auto& piece : *pieces) out += piece.expression ? "x" : piece.text;
  return out;
}

}  // namespace

std::optional<Request> parse_request(std::string_view text) {
  constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  constexpr std::string_view head = "${participants.";
  const auto space = text.find(' ');
  const auto method = text.substr(0, space);
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) return std::nullopt;
  const auto rest = space == text.npos ? std::string_view{} : text.substr(space + 1);
  const auto end = rest.find('}');
  if (!rest.starts_with(head) || end == rest.npos) return std::nullopt;
  const auto name = rest.substr(head.size(), end - head.size());
  if (name.empty() || !is_letter(name.front()) || !std::all_of(name.begin(), name.end(), is_name))
    return std::nullopt;
  return Request{std::string(method), std::string(name), space + 1 + end + 1};
}

std::string wrong_literals(std::string_view path) {
  const auto plain = without_expressions(path);
  if (!plain) return {};
  const auto fault = wrong_path(*plain);
  return fault ? fault->why + ". " + fault->hint : std::string();
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool sounds_secret(std::string_view name) {
  constexpr std::array<std::string_view, 14> names{
      "authorization", "password",     "passwd",      "pwd",       "secret",
      "clientsecret",  "apikey",       "xapikey",     "token",     "accesstoken",
      "authtoken",     "refreshtoken", "bearertoken", "privatekey"};
  std::string folded;
  for (const char c : lower(name))
    if (is_letter(c) || is_digit(c)) folded += c;
  return std::find(names.begin(), names.end(), folded) != names.end() ||
         (folded.starts_with("x") &&
          std::find(names.begin(), names.end(), folded.substr(1)) != names.end());
}

}  // namespace skald::document
