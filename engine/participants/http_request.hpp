#pragma once

#include <string>
#include <string_view>

#include "engine/model/definition.hpp"
#include "engine/model/result.hpp"
#include "engine/participants/http_options.hpp"
#include "engine/participants/secrets.hpp"

namespace skald {

/// The bytes of one attempt's HTTP/1.1 request, with the header fields of the wire contract and
/// then those of the target, whose secrets are filled in.
///
/// The path is the invocation's address, or the target's where there is none. A null body is sent
/// as no body. Errors: invalid_argument when the target's method is no token or the path is too
/// long, not in origin-form (RFC 9112 §3.2.1) or has dot segments, which could leave the
/// participant's base path; and as header_lines().
[[nodiscard]] Result<std::string> request_text(const BaseUrl& base, const HttpTarget& target,
                                               const Invocation& invocation,
                                               const Secrets& secrets);

/// `text` as a header field value that a receiver can turn back: every byte that is not visible
/// ASCII, and '%' itself, is percent-encoded. So it can hold no line break.
[[nodiscard]] std::string field_value(std::string_view text);

/// `text` as a String of RFC 8941 §3.3.3, in quotes, percent-encoded like field_value().
[[nodiscard]] std::string quoted_string(std::string_view text);

/// The W3C Trace Context `traceparent` of an attempt, sampled.
///
/// The trace id depends only on the saga id, the span id on saga, step, phase and attempt: so it is
/// the same after a crash, on every machine and in every version of Skald.
[[nodiscard]] std::string traceparent(const Invocation& invocation);

}  // namespace skald
