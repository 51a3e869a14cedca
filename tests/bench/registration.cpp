// How long it takes to make a Definition of a document: reading, building, compiling its
// expressions, every check, the canonical text and its hash. Milliseconds of the first time in
// this process and the median of many more. Prints one JSON line for each size.
//
//     skald_registration [times]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "dsl/json/load.hpp"
#include "tests/bench/percentile.hpp"

namespace {

using namespace skald;
using nlohmann::json;

json input_schema() {
  return json::parse(R"({
    "type": "object", "required": ["order", "customer", "amount", "lines"],
    "additionalProperties": false,
    "properties": {
      "order": { "type": "string", "minLength": 1 },
      "amount": { "type": "integer", "minimum": 1 },
      "express": { "type": "boolean" },
      "customer": { "type": "object", "required": ["id", "tier"],
                    "properties": { "id": { "type": "string" },
                                    "tier": { "enum": ["gold", "silver"] } } },
      "lines": { "type": "array", "items": {
        "type": "object", "required": ["sku", "quantity"],
        "properties": { "sku": { "type": "string" }, "quantity": { "type": "integer" } } } } } })");
}

/// A call as users write it: values of the input, and of the step before it.
json step(int number, const std::string& before) {
  const std::string id = "step-" + std::to_string(number);
  json body{{"order", "${input.order}"},
            {"customer", "${input.customer.id}"},
            {"amount", "${input.amount * 100 / 2}"},
            {"text", "order ${input.order} of ${input.customer.id}"},
            {"units", "${sum(input.lines.map(l, l.quantity))}"}};
  if (!before.empty()) body["before"] = "${steps['" + before + "'].output.id}";
  const std::string path = "${participants.stock}/reservations/${saga.id}/" + id;
  return {{"id", id},
          {"call", {{"http", "PUT " + path}, {"body", std::move(body)}}},
          {"undo",
           {{"http", "DELETE " + path},
            {"body",
             {{"order", "${input.order}"},
              {"id", "${coalesce(steps['" + id + "'].output.id, saga.id)}"}}}}},
          {"timeout", "2s"}};
}

json choice(int number) {
  return {{"choice",
           {{{"when", "${input.amount > 1000 && input.customer.tier == 'gold'}"},
             {"steps", {{{"set", {{"approved-" + std::to_string(number), true}}}}}}},
            {{"steps", "continue"}}}}};
}

/// A document of about `states` states: of every five, three calls, a choice and what it sets.
std::string document_of(int states) {
  json steps = json::array();
  std::string before;
  for (int i = 1; i + 4 <= states; i += 5) {
    for (int call = i; call < i + 3; ++call) {
      steps.push_back(step(call, before));
      before = steps.back()["id"].get<std::string>();
    }
    steps.push_back(choice(i));
  }
  return json{{"saga", "order"},
              {"version", 1},
              {"input", input_schema()},
              {"businessKey", "${input.order}"},
              {"tags", {{"customer", "${input.customer.id}"}}},
              {"steps", std::move(steps)}}
      .dump(2);
}

double milliseconds_of_one(const std::string& text) {
  const auto from = std::chrono::steady_clock::now();
  const auto definition = document::load(text, document::Format::json);
  const std::chrono::duration<double, std::milli> span = std::chrono::steady_clock::now() - from;
  if (definition) return span.count();
  for (const auto& finding : definition.error().findings)
    std::fprintf(stderr, "%s %s\n", finding.where.c_str(), finding.why.c_str());
  std::abort();
}

void measure(int states, int times) {
  const std::string text = document_of(states);
  const double first = milliseconds_of_one(text);
  std::vector<double> took;
  for (int i = 0; i < times; ++i) took.push_back(milliseconds_of_one(text));
  const auto definition = document::load(text, document::Format::json);
  std::printf("%s\n", json{{"states", definition->states.size()},
                           {"bytes", text.size()},
                           {"firstMs", first},
                           {"msP50", bench::percentile(took, 0.5)},
                           {"msP99", bench::percentile(took, 0.99)}}
                          .dump()
                          .c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const int times = argc > 1 ? std::atoi(argv[1]) : 100;
  measure(10, times);
  measure(200, times);
  return 0;
}
