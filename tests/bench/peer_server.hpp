#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tests/bench/wire.hpp"

namespace skald::bench {

/// Makes the answer to one request; none: it is never answered.
using Answering = std::function<std::optional<std::string>(const Message& request)>;

/// Serves HTTP/1.1 on `listening` with one thread, until the parent process has nothing more to
/// say; each line it says goes to `told`.
void serve_until_told(const Listening& listening, const Answering& answering,
                      const std::function<void(const std::string&)>& told);

}  // namespace skald::bench
