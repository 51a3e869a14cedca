#include "tests/bench/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace skald::bench {

using nlohmann::json;

namespace {

/// What the runs say of one figure.
struct Summary {
  Figure figure;     ///< of the median value
  double ratio = 0;  ///< the median of the ratios of each run; 0: there is no reference
  double least = 0;
  double most = 0;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Summary summary_of(const std::vector<const Figure*>& runs) {
  std::vector<double> values;
  std::vector<double> ratios;
  for (const auto* run : runs) {
    values.push_back(run->value);
    if (run->reference > 0) ratios.push_back(run->value / run->reference);
  }
  Summary summary{.figure = *runs.front(), .ratio = ratios.empty() ? 0 : median(ratios)};
  summary.figure.value = median(values);
  summary.least = *std::min_element(values.begin(), values.end());
  summary.most = *std::max_element(values.begin(), values.end());
  return summary;
}

/// One summary for each figure of the first run.
std::vector<Summary> summaries_of(const Series& series, std::vector<Figure> Measured::*which) {
  std::vector<Summary> all;
  if (series.runs.empty()) return all;
  for (const auto& first : series.runs.front().*which) {
    std::vector<const Figure*> same;
    for (const auto& run : series.runs)
      for (const auto& figure : run.*which)
        if (figure.name == first.name) same.push_back(&figure);
    all.push_back(summary_of(same));
  }
  return all;
}

/// Four digits that mean something.
std::string text_of(double value) {
  char text[32];
  const double size = std::fabs(value);
  const int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string line_of(const Summary& summary, bool many) {
  const auto& figure = summary.figure;
  char begin[128];
  std::snprintf(begin, sizeof begin, "  %-46s %12s %-5s", figure.name.c_str(),
                text_of(figure.value).c_str(), figure.unit.c_str());
  std::string line = begin;
  if (many) line += "  (" + text_of(summary.least) + " to " + text_of(summary.most) + ")";
  if (summary.ratio > 0) line += "  " + text_of(summary.ratio) + " x " + figure.referred_to;
  return line + "\n";
}

std::vector<std::string> failures_of(const Series& series) {
  std::vector<std::string> all;
  for (const auto& run : series.runs)
    all.insert(all.end(), run.failures.begin(), run.failures.end());
  return all;
}

json json_of(const std::vector<Summary>& summaries) {
  auto list = json::array();
  for (const auto& summary : summaries) {
    const auto& figure = summary.figure;
    json one{{"name", figure.name},    {"median", figure.value},
             {"least", summary.least}, {"most", summary.most},
             {"unit", figure.unit},    {"better", static_cast<int>(figure.better)}};
    if (summary.ratio > 0) one["ratio"] = summary.ratio, one["referredTo"] = figure.referred_to;
    list.push_back(std::move(one));
  }
  return list;
}

const json* named(const json& list, const json& name) {
  for (const auto& one : list)
    if (one.at("name") == name) return &one;
  return nullptr;
}

/// How much better `now` is than `before`: 0.1 is 10 %.
double gain(const json& before, const json& now) {
  const char* what = before.contains("ratio") && now.contains("ratio") ? "ratio" : "median";
  const double old = before.at(what), fresh = now.at(what);
  if (old <= 0 || fresh <= 0) return 0;
  return now.at("better") == static_cast<int>(Better::higher) ? fresh / old - 1 : old / fresh - 1;
}

}  // namespace

std::string table_of(const Series& series) {
  const bool many = series.runs.size() > 1;
  std::string text = std::string(series.name) + "  " + std::string(series.what) + "\n";
  for (const auto& one : summaries_of(series, &Measured::figures)) text += line_of(one, many);
  for (const auto& one : summaries_of(series, &Measured::calibration))
    text +=
        line_of({.figure = {"calibration: " + one.figure.name, one.figure.value, one.figure.unit},
                 .least = one.least,
                 .most = one.most},
                many);
  for (const auto& failure : failures_of(series)) text += "  FAILED: " + failure + "\n";
  return text + "\n";
}

json report_of(const std::vector<Series>& all) {
  auto list = json::array();
  for (const auto& series : all) {
    const auto summaries = summaries_of(series, &Measured::figures);
    json one{{"name", series.name},
             {"what", series.what},
             {"runs", series.runs.size()},
             {"figures", json_of(summaries)},
             {"calibration", json_of(summaries_of(series, &Measured::calibration))},
             {"failures", failures_of(series)}};
    const auto main = std::find_if(summaries.begin(), summaries.end(),
                                   [](const Summary& summary) { return summary.ratio > 0; });
    if (main != summaries.end()) one["ratio"] = main->ratio, one["ratioOf"] = main->figure.name;
    list.push_back(std::move(one));
  }
  return {{"workloads", list}};
}

Comparison compare(const json& before, const json& now) {
  constexpr double noise = 0.15;
  Comparison result;
  for (const auto& series : now.at("workloads")) {
    const auto* old = named(before.at("workloads"), series.at("name"));
    if (old == nullptr) continue;
    for (const auto& figure : series.at("figures")) {
      const auto* was = named(old->at("figures"), figure.at("name"));
      const bool describes = figure.at("better") == static_cast<int>(Better::neither);
      const double by = was == nullptr || describes ? 0 : gain(*was, figure);
      const bool worse = by < 1 / (1 + noise) - 1;
      if (!worse && by < noise) continue;
      result.worse |= worse;
      result.text += std::string(worse ? "worse   " : "better  ") + std::string(series.at("name")) +
                     " " + std::string(figure.at("name")) + ": " + text_of(was->at("median")) +
                     " -> " + text_of(figure.at("median")) + " " + std::string(figure.at("unit")) +
                     "\n";
    }
  }
  if (result.text.empty()) result.text = "nothing is more than 15 % better or worse\n";
  return result;
}

}  // namespace skald::bench
