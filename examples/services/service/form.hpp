#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/error.hpp"
#include "engine/model/json.hpp"
#include "examples/services/service/answer.hpp"

namespace skald::services {

/// Numbers are at most this far from 0, so that sums cannot overflow.
inline constexpr std::int64_t number_max = 1'000'000'000'000;

/// Reads the fields of a request body and gathers everything that is wrong with it.
///
///     Form form(call.body);
///     const auto account = form.text("account");
///     const auto amount = form.number("amount", 1);
///     if (!form.ok()) return form.problems();
class Form {
 public:
  explicit Form(const Json& body);

  /// A text that must be there and not be empty.
  std::string text(const std::string& field);
  /// A text that may be missing or null.
  std::optional<std::string> text_if_any(const std::string& field);
  /// A whole number from `least` on that must be there.
  std::int64_t number(const std::string& field, std::int64_t least = -number_max);
  /// A whole number from `least` on that may be missing or null.
  std::optional<std::int64_t> number_if_any(const std::string& field, std::int64_t least);
  /// Something of any type that must be there and not be null; given as JSON text.
  std::string anything(const std::string& field);

  /// A finding of the caller's own; `field` is a JSON Pointer without its first '/'.
  void complain(const std::string& field, const std::string& why);

  [[nodiscard]] bool ok() const { return findings_.empty(); }
  [[nodiscard]] Answer problems() const;  ///< 400 with all findings

 private:
  Json body_;
  std::vector<Finding> findings_;
};

}  // namespace skald::services
