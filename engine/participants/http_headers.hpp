#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/result.hpp"
#include "engine/model/step.hpp"
#include "engine/participants/secrets.hpp"

namespace skald {

/// Everything that keeps `headers` from being sent, whichever secrets there are: the faults of
/// engine/model/http_rules.hpp. `where` is "header <name>"; values are never shown.
[[nodiscard]] std::vector<Finding> check_headers(const std::vector<Header>& headers);

/// The names of the secrets that a header's value asks for, in its order.
[[nodiscard]] std::vector<std::string> secrets_in(std::string_view value);

/// `headers` as lines of a request, each with its CRLF, secrets filled in.
///
/// Error: not_found, naming it, for a secret that is not there; invalid_argument with the findings
/// of check_headers(), or when a value grows too long.
[[nodiscard]] Result<std::string> header_lines(const std::vector<Header>& headers,
                                               const Secrets& secrets);

}  // namespace skald
