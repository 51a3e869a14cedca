#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "tests/bench/latencies.hpp"
#include "tests/bench/usage.hpp"

namespace skald::bench {

/// How requests are sent: `rate` in each second, whatever the answers do (open loop); or, with rate
/// 0, the next one on each connection as soon as it has its answer (closed loop).
struct LoadPlan {
  std::uint16_t port = 0;
  std::size_t connections = 1;
  double rate = 0;
  std::size_t requests = 0;        ///< in all
  std::chrono::milliseconds span;  ///< none is begun later than this
};

/// What came of it. Latencies count from when the plan would have sent the request, so a server
/// that answers late cannot hide how long those behind it waited.
struct LoadResult {
  std::size_t sent = 0;
  std::map<int, std::size_t> statuses;  ///< 0: the connection broke
  Latencies latencies;                  ///< of answers below 400
  Seconds took{};                       ///< until the last answer
};
[[nodiscard]] nlohmann::json to_json(const LoadResult& result);
[[nodiscard]] LoadResult load_result_from(const nlohmann::json& text);

/// Makes the text of request `number`, which is due at `due`.
using Requesting =
    std::function<std::string(std::size_t number, std::chrono::steady_clock::time_point due)>;

/// Looks at the answer to request `number`, which came `took` after the request was due.
using Answered = std::function<void(std::size_t number, int status, std::string_view body,
                                    std::chrono::nanoseconds took)>;

/// Sends and receives on the calling thread until every answer is there.
[[nodiscard]] LoadResult send_load(const LoadPlan& plan, const Requesting& requesting,
                                   const Answered& answered = {});

}  // namespace skald::bench
