#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/result.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// True when Content-Type is application/json, with any parameters.
[[nodiscard]] bool is_json(const Headers& headers);

/// The same of application/yaml (RFC 9512), or its older name application/x-yaml.
[[nodiscard]] bool is_yaml(const Headers& headers);

/// The same of application/x-ndjson: one JSON document a line.
[[nodiscard]] bool is_ndjson(const Headers& headers);

/// The value of Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), empty when there is
/// none. Taken as the draft's string of RFC 8941 ("k-1", with the quotes) or, as most clients send
/// it, bare: k-1 is the same key. Error: invalid_argument when it is empty, longer than 500 bytes,
/// sent twice, or neither form.
[[nodiscard]] Result<std::string> idempotency_key(const Headers& headers);

/// How long the client wants to wait (`Prefer: wait=10`, RFC 7240 §4.3), at most 60 s. Nothing when
/// it does not say, or says it wrongly: such preferences are ignored (RFC 7240 §2).
[[nodiscard]] std::optional<std::chrono::seconds> preferred_wait(const Headers& headers);

/// The revision that If-Match (RFC 9110 §13.1.1) names: the ETag of a saga, with its quotes; none
/// when it is missing or "*". Error: invalid_argument when it is anything else.
[[nodiscard]] Result<std::optional<std::int64_t>> if_match(const Headers& headers);

/// Whether If-None-Match (RFC 9110 §13.1.2) names `etag`, which is given with its quotes.
[[nodiscard]] bool none_match_names(const Headers& headers, std::string_view etag);

}  // namespace skald::http
