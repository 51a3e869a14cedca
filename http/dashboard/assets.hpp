#pragma once

#include <span>
#include <string_view>

namespace skald::http {

/// One file of the dashboard, as it lies in the program.
struct Asset {
  std::string_view path;  ///< as requested, e.g. "/assets/app-5XYQ.js"
  std::string_view type;  ///< the Content-Type
  std::string_view etag;  ///< with its quotes
  bool hashed;            ///< its name changes with its content
  std::string_view plain;
  std::string_view gzip;
};

/// All of them; none when the program was built without the dashboard.
[[nodiscard]] std::span<const Asset> assets();

}  // namespace skald::http
