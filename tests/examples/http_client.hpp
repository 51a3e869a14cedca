#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace skald::examples_test {

struct Reply {
  int status = 0;
  nlohmann::json body;
};

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

/// Sends one HTTP/1.1 request to 127.0.0.1 on a connection of its own and reads the answer. Nothing
/// when the connection breaks or no whole answer comes within `patience`.
[[nodiscard]] std::optional<Reply> ask(
    std::uint16_t port, const std::string& method, const std::string& target,
    const nlohmann::json& body = nullptr, const HeaderFields& headers = {},
    std::chrono::milliseconds patience = std::chrono::seconds{30});

/// The headers of one attempt of a saga's step, as the participant contract has them.
[[nodiscard]] HeaderFields attempt(const std::string& saga, const std::string& step,
                                   const std::string& phase, int number = 1);

}  // namespace skald::examples_test
