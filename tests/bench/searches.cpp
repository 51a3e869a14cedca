// Those who look for sagas over the REST API, each in its way by turns.
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/bench/archive.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

namespace {

enum Kind { start, just_started, by_status, by_business_key, by_time, counts, kinds };
constexpr std::array<const char*, kinds> names{"start",
                                               "find what was just started",
                                               "page by definition and status",
                                               "by business key",
                                               "page by time",
                                               "counts"};

class Searches {
 public:
  explicit Searches(const nlohmann::json& parameters)
      : archive_{.sagas = parameters.at("archived"),
                 .first = Timestamp(Duration(parameters.at("archivedFrom").get<std::int64_t>()))},
        first_(parameters.at("first")) {}

  std::string request(std::size_t number, std::chrono::steady_clock::time_point due) {
    const auto saga = number * 7919 % archive_.sagas + 1;  // here and there
    switch (number % kinds) {
      case start:
        return start_text(number, due);
      case just_started:
        return just_started_text(number);
      case by_status:
        return search("definition=order&status=compensated");
      case by_business_key:
        return search("businessKey=" + Archive::business_key(saga));
      case by_time:
        return search("createdFrom=" + to_rfc3339(archive_.started(saga)) +
                      "&createdBefore=" + to_rfc3339(archive_.started(saga + 1000)));
      default:
        return request_text("GET", "/metrics", "");
    }
  }

  void answered(std::size_t number, int status, std::string_view body,
                std::chrono::nanoseconds took) {
    const auto kind = number % kinds;
    latencies_[kind].add(took);
    const bool is_found = body.find(sought(kind)) != std::string_view::npos;
    if (status >= 400 || (!is_found && !without_answer_.contains(number)))
      wrong_.push_back(std::string(names[kind]) + " " + std::to_string(number) + ": " +
                       std::to_string(status) + " " + std::string(body.substr(0, 200)));
    if (kind != start || status >= 400) return;
    acknowledged_ = business_key(number);
    ++started_;
  }

  [[nodiscard]] nlohmann::json report() const {
    nlohmann::json text{{"wrong", wrong_}, {"started", started_}};
    for (std::size_t kind = 0; kind < kinds; ++kind)
      text["kinds"][names[kind]] = latencies_[kind].to_json();
    return text;
  }

 private:
  static std::string business_key(std::size_t number) { return "fresh-" + std::to_string(number); }

  static std::string search(const std::string& conditions) {
    return request_text("GET", "/v1/sagas?" + conditions, "");
  }

  /// Before anything was acknowledged there is nothing to be found.
  std::string just_started_text(std::size_t number) {
    if (acknowledged_.empty()) without_answer_.insert(number);
    return search("businessKey=" + (acknowledged_.empty() ? "none" : acknowledged_));
  }

  std::string start_text(std::size_t number, std::chrono::steady_clock::time_point due) const {
    return request_text("POST", "/v1/sagas",
                        R"({"definition":"order","businessKey":")" + business_key(number) +
                            R"(","input":)" + order_input(first_ + number, due) + "}");
  }

  /// What the answer to a request of this kind must have in it.
  [[nodiscard]] std::string sought(std::size_t kind) const {
    switch (kind) {
      case start:
        return "\"status\"";
      case just_started:
        return "\"fresh-";
      case counts:
        return "skald_sagas_started_total";
      default:
        return "\"id\":\"past-";
    }
  }

  Archive archive_;
  std::size_t first_;
  std::string acknowledged_;  ///< the business key of the latest start that was answered
  std::set<std::size_t> without_answer_;
  std::array<Latencies, kinds> latencies_;
  std::vector<std::string> wrong_;  ///< what was asked for, and the answer
  std::uint64_t started_ = 0;
};

}  // namespace

int play_searches(const nlohmann::json& parameters) {
  const LoadPlan plan{.port = parameters.at("port"),
                      .connections = 8,
                      .rate = parameters.at("rate"),
                      .requests = parameters.at("requests"),
                      .span = std::chrono::minutes(5)};
  Searches searches(parameters);
  const auto result = send_load(
      plan,
      [&](std::size_t number, std::chrono::steady_clock::time_point due) {
        return searches.request(number, due);
      },
      [&](std::size_t number, int status, std::string_view body, std::chrono::nanoseconds took) {
        searches.answered(number, status, body, took);
      });
  auto report = searches.report();
  report["broken"] = result.statuses.contains(0) ? result.statuses.at(0) : 0;
  say_to_parent(report);
  return 0;
}

}  // namespace skald::bench
