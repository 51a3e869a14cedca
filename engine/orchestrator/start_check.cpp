#include "engine/orchestrator/start_check.hpp"

#include <algorithm>

#include "engine/core/input.hpp"
#include "engine/orchestrator/random_source.hpp"

namespace skald {

namespace {

constexpr std::size_t id_bytes_max = 200;
constexpr std::size_t text_bytes_max = 500;
constexpr std::size_t tags_max = 32;

/// Ids stand in URLs, headers and logs, so they are kept to what needs no escaping anywhere.
bool plain(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

void check_id(const SagaId& id, std::vector<Finding>& findings) {
  if (id.value.empty() || id.value.size() > id_bytes_max || !plain(id.value))
    findings.push_back(
        {"/id", "must be 1 to 200 letters, digits, '-', '_', '.' or ':'", "ID_FORM"});
  else if (id.value.starts_with(made_id_prefix))
    findings.push_back(
        {"/id", "must not begin with 'sk_'; such ids are made by Skald", "ID_RESERVED"});
  else if (id.value == "count")
    findings.push_back({"/id", "must not be 'count', where sagas are counted", "ID_RESERVED"});
}

void check_tags(const StartRequest& request, std::vector<Finding>& findings) {
  if (request.tags.size() > tags_max)
    findings.push_back({"/tags", "must have at most 32 members", "TAGS"});
  for (const auto& [name, value] : request.tags)
    if (name.empty() || name.size() > text_bytes_max || value.size() > text_bytes_max)
      findings.push_back({"/tags", "names and values must be at most 500 bytes", "TAGS"});
}

}  // namespace

std::optional<Error> why_no_start(const StartRequest& request) {
  auto findings = check_start(request);
  if (findings.empty()) return std::nullopt;
  return Error{ErrorCode::invalid_argument, "The saga cannot be started like this.",
               "Every finding says where and what would be right.", std::move(findings)};
}

StartRequest completed(StartRequest request) {
  if (request.business_key.empty())
    request.business_key = business_key_of(*request.definition, request.input);
  request.tags.merge(tags_of(*request.definition, request.input));
  return request;
}

std::vector<Finding> check_start(const StartRequest& request) {
  std::vector<Finding> findings;
  if (request.id) check_id(*request.id, findings);
  if (request.idempotency_key.size() > text_bytes_max)
    findings.push_back({"Idempotency-Key", "must be at most 500 bytes", "KEY_FORM"});
  if (request.business_key.size() > text_bytes_max)
    findings.push_back({"/businessKey", "must be at most 500 bytes", "BUSINESS_KEY_FORM"});
  check_tags(request, findings);
  const auto input = check_input(*request.definition, request.input, "/input");
  findings.insert(findings.end(), input.begin(), input.end());
  return findings;
}

}  // namespace skald
