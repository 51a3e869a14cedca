// The clients of a node: they start orders over its REST API.
#include <nlohmann/json.hpp>

#include "tests/bench/child.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

namespace {

/// The input of an order whose items are numbered through all orders.
std::string input_with_items(std::size_t number, std::size_t items) {
  std::string text = R"({"order":)" + std::to_string(number) + R"(,"items":[)";
  for (std::size_t i = 0; i < items; ++i)
    text.append(i == 0 ? "" : ",").append(std::to_string(number * items + i));
  return text + "]}";
}

/// What starts the definitions, by turns.
struct Starting {
  explicit Starting(const nlohmann::json& parameters)
      : first(parameters.at("first")), items(parameters.at("items")) {
    for (const auto& name : parameters.at("definitions"))
      heads.push_back(R"({"definition":")" + name.get<std::string>() + R"(","input":)");
    if (parameters.at("wait")) fields = "Prefer: wait=60\r\n";
  }

  std::string operator()(std::size_t number, std::chrono::steady_clock::time_point due) const {
    const auto order = first + number;
    const auto input = items > 0 ? input_with_items(order, items) : order_input(order, due);
    return request_text("POST", "/v1/sagas", heads[number % heads.size()] + input + "}", fields);
  }

  std::size_t first;
  std::size_t items;
  std::vector<std::string> heads;
  std::string_view fields;
};

}  // namespace

int play_orders(const nlohmann::json& parameters) {
  const LoadPlan plan{.port = parameters.at("port"),
                      .connections = parameters.at("connections"),
                      .rate = parameters.at("rate"),
                      .requests = parameters.at("orders"),
                      .span = std::chrono::milliseconds(parameters.at("span").get<int>())};
  say_to_parent(to_json(send_load(plan, Starting(parameters))));
  return 0;
}

}  // namespace skald::bench
