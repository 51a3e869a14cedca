// The clients of a node: they start orders over its REST API.
#include <nlohmann/json.hpp>

#include "tests/bench/child.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

int play_orders(const nlohmann::json& parameters) {
  const LoadPlan plan{.port = parameters.at("port"),
                      .connections = parameters.at("connections"),
                      .rate = parameters.at("rate"),
                      .requests = parameters.at("orders"),
                      .span = std::chrono::milliseconds(parameters.at("span").get<int>())};
  const auto first = parameters.at("first").get<std::size_t>();
  const auto head =
      R"({"definition":")" + parameters.at("definition").get<std::string>() + R"(","input":)";
  const std::string_view fields = parameters.at("wait") ? "Prefer: wait=60\r\n" : "";
  const auto result = send_load(plan, [&](std::size_t number,
                                          std::chrono::steady_clock::time_point due) {
    return request_text("POST", "/v1/sagas", head + order_input(first + number, due) + "}", fields);
  });
  say_to_parent(to_json(result));
  return 0;
}

}  // namespace skald::bench
