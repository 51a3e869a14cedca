#include "engine/participants/http_headers.hpp"

#include "engine/model/http_rules.hpp"
#include "engine/model/invariant.hpp"
#include "engine/participants/http_request.hpp"

namespace skald {

namespace {

Result<std::string> filled_in(const Header& header, const Secrets& secrets) {
  const auto pieces = header_pieces(header.value);
  invariant(pieces.has_value(), "a header was sent that was not checked");
  std::string value;
  for (const HeaderPiece& piece : *pieces) {
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

std::vector<Finding> check_headers(const std::vector<Header>& headers) {
  std::vector<Finding> findings;
  for (const auto& fault : header_faults(headers))
    findings.push_back({"header " + field_value(headers[fault.index].name), fault.why, fault.code});
  return findings;
}

std::vector<std::string> secrets_in(std::string_view value) {
  std::vector<std::string> names;
  const auto pieces = header_pieces(value);
  if (!pieces) return names;
  for (const HeaderPiece& piece : *pieces)
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
