#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/orchestrator/metrics.hpp"

namespace skald::http {

/// Writes the Prometheus text exposition format 0.0.4.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// The HELP and TYPE lines; the samples of the family follow.
  void family(std::string_view name, std::string_view type, std::string_view help);

  /// One line. Label values may hold anything; they are escaped.
  template <class Number>
  void sample(std::string_view name, Labels labels, Number value) {
    line(name, labels, std::to_string(value));
  }

  /// The cumulative buckets, sum and count of the histogram `name`.
  void histogram(std::string_view name, const Histogram& histogram);

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void line(std::string_view name, Labels labels, std::string_view value);
  std::string out_;
};

}  // namespace skald::http
