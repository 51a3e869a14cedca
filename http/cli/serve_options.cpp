#include "http/cli/serve_options.hpp"

#include <charconv>

namespace skald::cli {

Result<ListenAddress> parse_listen(const std::string& text) {
  const Error wrong{ErrorCode::invalid_argument,
                    "'" + text + "' is not an address to listen on.",
                    "Write host:port, e.g. 127.0.0.1:7070 or [::1]:7070; port 0 picks a free one.",
                    {}};
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return wrong;
  ListenAddress address{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (failure != std::errc{} || rest != end || colon + 1 == text.size()) return wrong;
  if (address.host.front() == '[') {
    if (address.host.back() != ']') return wrong;
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  return address;
}

Result<RetentionRules> retention_rules(const ServeOptions& options) {
  const auto wrong = [](std::string what, std::string hint) {
    return Error{ErrorCode::invalid_argument, std::move(what), std::move(hint), {}};
  };
  RetentionRules rules;
  rules.count_max = options.retain_count;
  if (!options.retain.empty()) {
    rules.age = parse_duration(options.retain);
    if (!rules.age || rules.age->count() <= 0)
      return wrong("--retain '" + options.retain + "' is no span of time.",
                   "Write for example 30d, 12h or PT1H.");
  }
  if (!options.archive.empty() && !rules.age && !rules.count_max)
    return wrong("--archive is given, but nothing is ever removed.",
                 "Add --retain or --retain-count, or leave --archive out.");
  return rules;
}

}  // namespace skald::cli
