#pragma once

#include <string_view>

#include "http/server/message.hpp"

namespace skald::http {

/// A refusal as RFC 9457 application/problem+json: type "about:blank", the status and its phrase as
/// title, `detail` for a person, and `code`, the stable UPPER_SNAKE name that programs branch on.
/// Bytes of `code` and `detail` that are not UTF-8 come out as "?".
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view detail);

/// The phrase of RFC 9110 §15 for `status`, e.g. "Not Found"; "Status" for one not known here.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace skald::http
