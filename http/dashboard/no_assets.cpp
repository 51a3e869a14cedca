#include "http/dashboard/assets.hpp"

namespace skald::http {

std::span<const Asset> assets() { return {}; }

}  // namespace skald::http
