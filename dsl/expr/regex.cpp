#include "dsl/expr/regex.hpp"

#include <re2/re2.h>

#include "dsl/expr/limits.hpp"

namespace skald::expr {

struct Regex::Compiled {
  Compiled(std::string_view pattern, const re2::RE2::Options& options)
      : re2({pattern.data(), pattern.size()}, options) {}
  re2::RE2 re2;
};

Result<Regex> Regex::compile(std::string_view pattern) {
  if (pattern.size() > pattern_max)
    return Error{ErrorCode::invalid_argument,
                 "is longer than " + std::to_string(pattern_max) + " bytes"};
  static constexpr std::int64_t pattern_memory_max = std::int64_t{256} << 10;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory_max);
  auto compiled = std::make_shared<const Compiled>(pattern, options);
  if (!compiled->re2.ok()) return Error{ErrorCode::invalid_argument, compiled->re2.error()};
  return Regex(std::move(compiled));
}

std::size_t Regex::size() const { return static_cast<std::size_t>(compiled_->re2.ProgramSize()); }

bool Regex::matches(std::string_view text) const {
  return re2::RE2::PartialMatch({text.data(), text.size()}, compiled_->re2);
}

}  // namespace skald::expr
