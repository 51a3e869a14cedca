// What one evaluation of an expression costs on a saga in memory: nanoseconds, the median of many
// rounds. Prints one JSON line for each expression.
//
//     skald_guard_cost [rounds]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "dsl/expr/expression.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/saga.hpp"
#include "tests/bench/percentile.hpp"

namespace {

using namespace skald;
using nlohmann::json;

constexpr int evaluations_per_round = 1000;

/// Nanoseconds of one evaluation in one round, of `count` rounds.
template <class Evaluate>
std::vector<double> rounds(int count, const Evaluate& evaluate) {
  std::vector<double> took;
  for (int round = 0; round < count; ++round) {
    const auto from = std::chrono::steady_clock::now();
    for (int i = 0; i < evaluations_per_round; ++i)
      if (!evaluate()) std::abort();
    const std::chrono::duration<double, std::nano> span = std::chrono::steady_clock::now() - from;
    took.push_back(span.count() / evaluations_per_round);
  }
  return took;
}

void print(const char* text, const char* what, std::vector<double> took) {
  std::printf("%s\n", json{{"expression", text},
                           {"what", what},
                           {"nsP50", bench::percentile(took, 0.5)},
                           {"nsP99", bench::percentile(took, 0.99)}}
                          .dump()
                          .c_str());
}

Instance saga_at_hand() {
  Instance saga;
  saga.id = SagaId{"saga-1"};
  json items = json::array();
  for (int i = 0; i < 10; ++i)
    items.push_back({{"sku", "sku-" + std::to_string(i)}, {"quantity", 2}, {"price", "9.99"}});
  saga.input = Json(json{{"amount", 1500},
                         {"tier", "gold"},
                         {"customer", {{"name", "Ada"}, {"email", "ada@example.org"}}},
                         {"items", items}});
  return saga;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1000;
  const Definition definition;
  const auto saga = saga_at_hand();
  const json payload;
  const SagaView view(definition, saga, Timestamp{});
  const EventView event{"e", "", payload};
  for (const char* text :
       {"input.amount > 1000 && input.tier == \"gold\"",
        "input.?customer.?vip.orValue(false) || input.amount >= 1000",
        "input.customer.email.matches(\"^[a-z]+@example[.]org$\")",
        "input.items.all(i, i.quantity > 0)",
        "sum(input.items.map(i, decimal(i.price) * i.quantity)) == decimal(\"199.80\")"}) {
    const auto expression = expr::Expression::compile(text, {});
    if (!expression) return 1;
    print(text, "holds", rounds(count, [&] { return *expression->holds(view, event); }));
  }
  const char* guard = "input.amount > 1000 && input.tier == \"gold\"";
  print(guard, "compile",
        rounds(count / 10 + 1, [&] { return expr::Expression::compile(guard, {}).ok(); }));
  return 0;
}
