#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/http_rules.hpp"
#include "engine/model/result.hpp"

namespace skald {

/// What definitions may name in a header as `${secrets.NAME}` and never hold themselves.
///
/// The values go into requests and nowhere else: into no log, error, history or answer.
class Secrets {
 public:
  /// Adds a secret that is_secret_name() and is_secret_value(); false when the name is taken.
  [[nodiscard]] bool add(std::string name, std::string value);

  /// The value of the secret `name`, or null.
  [[nodiscard]] const std::string* find(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// The most bytes of a secret.
inline constexpr std::size_t secret_bytes_max = 8 * 1024;

/// Whether `value` has 1 to secret_bytes_max bytes and no control characters, so that it can stand
/// in a header.
[[nodiscard]] bool is_secret_value(std::string_view value);

/// Reads "NAME=env:VARIABLE" and "NAME=file:PATH", as on the command line. One line end after the
/// last line of a file is left away. For start-up: reads the environment and files.
///
/// Error: invalid_argument with a finding for every text that names no source, a source that is not
/// there, a value that cannot be used, or a name given twice. None shows a value, nor any part of a
/// text that could be one.
[[nodiscard]] Result<Secrets> load_secrets(const std::vector<std::string>& texts);

}  // namespace skald
