#include "engine/testing/matrix.hpp"

#include <algorithm>
#include <set>

#include "engine/core/check.hpp"
#include "engine/core/input.hpp"
#include "engine/testing/sample.hpp"
#include "engine/testing/trial.hpp"

namespace skald::testing {

namespace {

using Kind = Injection::Kind;

/// The definition with short patience, and without jitter.
Definition hurried(Definition definition, std::uint32_t attempts) {
  for (auto& step : definition.steps)
    for (auto* policy : {&step.retry, &step.undo_retry}) {
      policy->attempts = std::min(policy->attempts, std::max(attempts, 1U));
      if (policy->redelivery.size() > 1) policy->redelivery.resize(1);
    }
  return definition;
}

/// Tries everything, breadth first: what one injection breaks is found before what two break.
class Matrix {
 public:
  Matrix(const Definition& definition, const MatrixOptions& options)
      : definition_(hurried(definition, options.attempts)), options_(options) {
    report_.definition = definition.ref;
  }

  Report run() {
    if (!prepare()) return std::move(report_);
    const Trial plain = attempt({});
    report_.runs = 1;
    if (!plain.reasons.empty()) {
      report_.problems.emplace_back(
          "Already when all goes well the saga does not do what it must.");
      note_failure("the saga", "nothing", {}, plain);
      return std::move(report_);
    }
    std::vector<Found> frontier{{{}, plain}};
    for (std::size_t depth = 1; depth <= options_.depth; ++depth)
      frontier = deeper(frontier, depth < options_.depth);
    sort();
    return std::move(report_);
  }

 private:
  struct Found {
    Injections injections;
    Trial trial;
  };

  Trial attempt(const Injections& injections) {
    return try_out(definition_, options_, report_.input, injections, readings_);
  }

  bool prepare() {
    for (const auto& finding : check(definition_))
      report_.problems.push_back(finding.where + ": " + finding.why);
    const Sample sample = sample_input(definition_);
    report_.input = options_.input.value_or(sample.value);
    for (const auto& finding : check_input(definition_, report_.input, ""))
      report_.problems.push_back(
          (options_.input ? "The input does not fit: " : "No input can be made, give one: ") +
          finding.where + " " + finding.why);
    for (const auto& signal : definition_.signals) {
      if (options_.payloads.contains(signal.name)) continue;
      for (const auto& finding : sample_of(signal.payload).findings)
        report_.problems.push_back("No payload of signal '" + signal.name +
                                   "' can be made, give one: " + finding.where + " " + finding.why);
    }
    return report_.problems.empty();
  }

  std::vector<Found> deeper(std::vector<Found>& frontier, bool go_on) {
    std::vector<Found> next;
    // Should the limit come first, unwindings have been tried.
    std::stable_partition(frontier.begin(), frontier.end(),
                          [](const Found& found) { return found.trial.unwound; });
    for (const auto& found : frontier)
      for (const auto& injection : found.trial.next) {
        Injections injections = found.injections;
        injections.push_back(injection);
        if (!fresh(injections)) continue;
        if (report_.runs >= options_.runs_max) {
          report_.complete = false;
          return {};
        }
        ++report_.runs;
        Trial trial = attempt(injections);
        // What had no occasion was tried already, without it.
        if (!trial.met) continue;
        count(injections, trial);
        if (go_on && trial.reasons.empty() && shapes_.insert(trial.shape).second)
          next.push_back({std::move(injections), std::move(trial)});
      }
    return next;
  }

  bool fresh(Injections injections) {
    std::sort(injections.begin(), injections.end());
    if (std::adjacent_find(injections.begin(), injections.end()) != injections.end()) return false;
    return known_.insert(std::move(injections)).second;
  }

  std::string row_of(const Injection& injection) const {
    if (injection.kind == Kind::signal) return "signal " + injection.signal;
    if (!injection.of_attempt()) return "the saga";
    const std::string& id = definition_.at(injection.step).id;
    if (injection.phase == Phase::undo) return "undo of " + id;
    return injection.phase == Phase::probe ? "probe of " + id : id;
  }

  void count(const Injections& injections, const Trial& trial) {
    const Injection& last = injections.back();
    const std::string row = row_of(last);
    const std::string column = last.kind == Kind::signal ? trial.signal_column : column_of(last);
    auto cell = std::find_if(report_.cells.begin(), report_.cells.end(),
                             [&](const Cell& c) { return c.row == row && c.column == column; });
    if (cell == report_.cells.end()) cell = report_.cells.insert(cell, {row, column, 0, 0});
    ++cell->runs;
    if (trial.reasons.empty()) return;
    // The first failure of a cell has the fewest injections.
    if (cell->failed++ > 0) return;
    shrink(row, column, injections, trial);
  }

  void shrink(const std::string& row, const std::string& column, Injections injections,
              Trial trial) {
    for (std::size_t i = 0; injections.size() > 1 && i < injections.size();) {
      Injections fewer = injections;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      Trial again = attempt(fewer);
      if (again.reasons.empty()) {
        ++i;
        continue;
      }
      injections = std::move(fewer);
      trial = std::move(again);
    }
    note_failure(row, column, injections, trial);
  }

  void note_failure(const std::string& row, const std::string& column, const Injections& injections,
                    const Trial& trial) {
    Failure failure{row, column, trial.reasons, {}, {}};
    for (const auto& injection : injections)
      failure.injections.push_back(text_of(definition_, injection));
    for (const auto& line : trial.trace) failure.trace.push_back(printed(line));
    const auto same = [&](const Failure& other) {
      return other.injections == failure.injections && other.reasons == failure.reasons;
    };
    if (std::none_of(report_.failures.begin(), report_.failures.end(), same))
      report_.failures.push_back(std::move(failure));
  }

  /// Rows in the order of the definition, columns in that of the injections.
  void sort() {
    std::vector<std::string> rows;
    for (const auto& step : definition_.steps)
      for (const char* const before : {"", "undo of ", "probe of "})
        rows.push_back(before + step.id);
    const auto place = [&](const Cell& cell) {
      return std::find(rows.begin(), rows.end(), cell.row) - rows.begin();
    };
    std::stable_sort(report_.cells.begin(), report_.cells.end(),
                     [&](const Cell& a, const Cell& b) { return place(a) < place(b); });
    auto& failures = report_.failures;
    std::stable_sort(failures.begin(), failures.end(), [](const Failure& a, const Failure& b) {
      return std::pair(a.injections.size(), a.trace.size()) <
             std::pair(b.injections.size(), b.trace.size());
    });
    if (failures.size() > options_.failures_max) failures.resize(options_.failures_max);
  }

  Definition definition_;
  const MatrixOptions& options_;
  Readings readings_{definition_};
  Report report_;
  std::set<Injections> known_;
  std::set<std::string> shapes_;
};

}  // namespace

Report unwind_matrix(const Definition& definition, const MatrixOptions& options) {
  return Matrix(definition, options).run();
}

}  // namespace skald::testing
