#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/model/result.hpp"

namespace skald::expr {

/// A regular expression in RE2's syntax, compiled once. Matches in time linear in the text, and in
/// bounded memory. May be used from any thread.
class Regex {
 public:
  /// The error's message says what is wrong with `pattern`.
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern);

  /// How large it is, in instructions of RE2: the most that one byte of text can cost.
  [[nodiscard]] std::size_t size() const;

  /// Whether it matches some part of `text`.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace skald::expr
