#include "engine/participants/http_headers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "engine/model/invariant.hpp"
#include "engine/participants/http_request.hpp"

namespace skald {

namespace {

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

/// Fields that the engine writes itself, that frame the message or that belong to the connection.
constexpr std::array<std::string_view, 16> reserved_names{
    "accept",       "accept-encoding", "connection", "content-encoding", "content-length",
    "content-type", "expect",          "host",       "idempotency-key",  "keep-alive",
    "te",           "traceparent",     "tracestate", "trailer",          "transfer-encoding",
    "upgrade"};
/// Of the wire contract, Saga-Id and so on, and of the signature of Standard Webhooks.
constexpr std::array<std::string_view, 3> reserved_starts{"saga-", "webhook-", "proxy-"};

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_reserved(const std::string& lower_name) {
  const auto begins = [&](std::string_view start) { return lower_name.starts_with(start); };
  return std::find(reserved_names.begin(), reserved_names.end(), lower_name) !=
             reserved_names.end() ||
         std::any_of(reserved_starts.begin(), reserved_starts.end(), begins);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// Text as it stands, or the name of a secret.
struct Piece {
  std::string_view text;
  bool is_secret = false;
};

/// Nothing when a "${" is not the beginning of "${secrets.NAME}".
std::optional<std::vector<Piece>> pieces_of(std::string_view value) {
  constexpr std::string_view start = "${secrets.";
  std::vector<Piece> pieces;
  while (!value.empty()) {
    const std::size_t at = std::min(value.find("${"), value.size());
    if (at > 0) pieces.push_back({value.substr(0, at)});
    value.remove_prefix(at);
    if (value.empty()) break;
    const std::size_t end = value.find('}');
    if (!value.starts_with(start) || end == value.npos) return std::nullopt;
    const std::string_view name = value.substr(start.size(), end - start.size());
    if (!is_secret_name(name)) return std::nullopt;
    pieces.push_back({name, true});
    value.remove_prefix(end + 1);
  }
  return pieces;
}

struct Why {
  std::string text;
  const char* code;
};

std::optional<Why> wrong_with(const Header& header) {
  if (!is_token(header.name)) return Why{"this is no name of a header", "HEADER_NAME"};
  if (is_reserved(lower(header.name)))
    return Why{"this header belongs to the engine's own requests; leave it out", "HEADER_RESERVED"};
  if (has_control(header.value))
    return Why{"the value has a line break or another control character", "HEADER_VALUE"};
  if (!pieces_of(header.value))
    return Why{"in the value, ${ must be the beginning of ${secrets.NAME}", "HEADER_VALUE"};
  return std::nullopt;
}

Result<std::string> filled_in(const Header& header, const Secrets& secrets) {
  const auto pieces = pieces_of(header.value);
  invariant(pieces.has_value(), "a header was sent that was not checked");
  std::string value;
  for (const Piece& piece : *pieces) {
    const std::string* const secret = piece.is_secret ? secrets.find(piece.text) : nullptr;
    if (piece.is_secret && secret == nullptr)
      return Error{ErrorCode::not_found,
                   "The header '" + header.name + "' needs the secret '" + std::string(piece.text) +
                       "', which this node does not have.",
                   "Start it with --secret " + std::string(piece.text) + "=env:VARIABLE.",
                   {}};
    value += secret == nullptr ? piece.text : std::string_view(*secret);
  }
  if (value.size() <= header_value_bytes_max) return value;
  return Error{ErrorCode::invalid_argument,
               "The value of the header '" + header.name + "' is over " +
                   std::to_string(header_value_bytes_max) + " bytes.",
               "Make it shorter.",
               {}};
}

Error cannot_send(std::vector<Finding> findings) {
  const Finding& first = findings.front();
  return {ErrorCode::invalid_argument, "The " + first.where + " cannot be sent: " + first.why + ".",
          "Correct the headers of the step in its definition.", std::move(findings)};
}

}  // namespace

bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alphanumeric || token_marks.find(c) != token_marks.npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

std::vector<Finding> check_headers(const std::vector<Header>& headers) {
  std::vector<Finding> findings;
  std::set<std::string> names;
  for (const Header& header : headers) {
    const std::string where = "header " + field_value(header.name);
    if (auto why = wrong_with(header)) findings.push_back({where, why->text, why->code});
    if (!names.insert(lower(header.name)).second)
      findings.push_back({where, "this header is given twice", "HEADER_NAME"});
  }
  return findings;
}

std::vector<std::string> secrets_in(std::string_view value) {
  std::vector<std::string> names;
  const auto pieces = pieces_of(value);
  if (!pieces) return names;
  for (const Piece& piece : *pieces)
    if (piece.is_secret) names.emplace_back(piece.text);
  return names;
}

Result<std::string> header_lines(const std::vector<Header>& headers, const Secrets& secrets) {
  std::string lines;
  if (headers.empty()) return lines;
  if (auto findings = check_headers(headers); !findings.empty())
    return cannot_send(std::move(findings));
  for (const Header& header : headers) {
    const auto value = filled_in(header, secrets);
    if (!value) return value.error();
    lines += header.name + ": " + *value + "\r\n";
  }
  return lines;
}

}  // namespace skald
