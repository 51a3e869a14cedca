#include "engine/testing/trial.hpp"

#include <algorithm>

#include "engine/core/resume.hpp"
#include "engine/testing/sample.hpp"

namespace skald::testing {

namespace {

using Kind = Injection::Kind;

/// More moves than this: the saga does not come to rest.
constexpr int moves_max = 20'000;
/// An operator tries so often.
constexpr int rescues_max = 5;

Script script_of(const Injections& injections) {
  return [injections](const Attempt& attempt) {
    Fate fate;
    for (const auto& injection : injections) {
      const Call& call = attempt.call;
      if (!injection.of_attempt() || injection.step != call.step || injection.run != call.run ||
          injection.phase != call.phase)
        continue;
      if (injection.kind == Kind::once && call.attempt > 1) continue;
      fate.kind = injection.fate;
      const auto& policy = call.phase == Phase::undo ? attempt.step.undo_retry : attempt.step.retry;
      if (injection.kind == Kind::always && fate.kind == Fate::Kind::working)
        fate.retry_after = policy.patience;
    }
    return fate;
  };
}

class Trier {
 public:
  Trier(const Definition& definition, const MatrixOptions& options, Readings& readings)
      : definition_(definition), options_(options), readings_(readings) {}

  Trial run(const Json& input, const Injections& injections) const {
    Trial trial;
    Run run(definition_, {.input = input,
                          .world = {script_of(injections), options_.outputs, options_.barrier},
                          .send_signals = true,
                          .payloads = options_.payloads,
                          .readings = &readings_});
    drive(run, injections, trial);
    const bool met_all = trial.met;
    for (int rescues = 0; rescues < rescues_max && !is_end(run.saga().status); ++rescues) {
      if (!run.rescue()) break;
      drive(run, {}, trial);
    }
    trial.met = met_all;
    run.finish();
    trial.reasons.insert(trial.reasons.end(), run.broken().begin(), run.broken().end());
    if (!run.dead_end().empty()) trial.reasons.push_back("it is stuck: " + run.dead_end());
    if (!is_end(run.saga().status))
      trial.reasons.push_back("it does not end although everything works again: " +
                              why_at_rest(definition_, run.saga()));
    else if (!run.unmade().empty())
      trial.reasons.push_back("it needs an operator although nobody failed it: " + run.unmade());
    if (trial.asked && is_end(run.saga().status) && run.saga().status != *trial.asked)
      trial.reasons.push_back("it was accepted to end as " + std::string(name_of(*trial.asked)) +
                              ", and ended as " + std::string(name_of(run.saga().status)));
    stopped_at_undo(run, injections, trial);
    for (const auto& injection : injections)
      if (injection.of_attempt() && !was_called(run, injection)) trial.met = false;
    trial.trace = run.trace();
    trial.next = injections_into(definition_, run);
    for (const auto& line : run.trace()) trial.shape += line.text + "\n";
    trial.unwound = run.saga().unwind.has_value();
    return trial;
  }

 private:
  void drive(Run& run, const Injections& injections, Trial& trial) const {
    std::vector<bool> done(injections.size(), false);
    for (int moves = 0; moves < moves_max; ++moves) {
      for (std::size_t i = 0; i < injections.size(); ++i)
        if (!done[i] && !injections[i].of_attempt() && run.commits() >= injections[i].commit) {
          done[i] = true;
          inject(run, injections[i], trial);
        }
      if (run.move()) continue;
      trial.met = met(done, injections);
      return;
    }
    trial.reasons.emplace_back("it does not come to rest");
  }

  static bool met(const std::vector<bool>& done, const Injections& injections) {
    for (std::size_t i = 0; i < done.size(); ++i)
      if (!done[i] && !injections[i].of_attempt()) return false;
    return true;
  }

  static bool was_called(const Run& run, const Injection& injection) {
    return std::any_of(run.calls().begin(), run.calls().end(), [&](const Call& call) {
      return call.step == injection.step && call.run == injection.run &&
             call.phase == injection.phase;
    });
  }

  void inject(Run& run, const Injection& injection, Trial& trial) const {
    switch (injection.kind) {
      case Kind::crash_unsent:
      case Kind::crash_arrived:
        return run.crash(injection.kind == Kind::crash_arrived);
      case Kind::cancel:
        if (!run.send({Cancel{"injected"}, 0}).refusal) trial.asked = Status::cancelled;
        return;
      case Kind::compensate:
        if (!run.send({Compensate{"injected"}, 0}).refusal) trial.asked = Status::compensated;
        return;
      case Kind::deadline:
        if (run.saga().deadline && !run.saga().deadline_passed)
          run.pass_until(*run.saga().deadline);
        return;
      case Kind::time:
        if (const auto due = next_due(run.saga())) run.pass_until(*due);
        return;
      case Kind::signal:
        return signal(run, injection.signal, trial);
      default:
        return;
    }
  }

  void signal(Run& run, const std::string& name, Trial& trial) const {
    const Signal* signal = definition_.find_signal(name);
    const auto given = options_.payloads.find(name);
    Json payload =
        given != options_.payloads.end() ? given->second : sample_of(signal->payload).value;
    const bool ended = is_end(run.saga().status);
    const std::size_t kept = run.saga().kept.size();
    const auto decision = run.send({Receive{name, std::move(payload)}, 0});
    if (ended && !decision.refusal)
      trial.reasons.push_back("the signal '" + name + "' was accepted after the end");
    const bool early = decision.refusal || run.saga().kept.size() > kept;
    trial.signal_column = ended ? "late" : early ? "early" : "on time";
  }

  /// Whether one that came later decides instead what the first attempt meets.
  static bool covered(const Injections& injections, const Injection& injection) {
    return std::any_of(&injection + 1, injections.data() + injections.size(),
                       [&](const Injection& later) {
                         return later.of_attempt() && later.step == injection.step &&
                                later.run == injection.run && later.phase == injection.phase;
                       });
  }

  /// An undo that nobody confirms is never passed over.
  void stopped_at_undo(const Run& run, const Injections& injections, Trial& trial) const {
    for (const auto& injection : injections) {
      const bool fails = injection.kind == Kind::always ||
                         (injection.kind == Kind::once && (injection.fate == Fate::Kind::refused ||
                                                           injection.fate == Fate::Kind::defect));
      if (!fails || injection.phase != Phase::undo || run.was_stuck()) continue;
      if (covered(injections, injection)) continue;
      if (was_called(run, injection))
        trial.reasons.push_back("the undo of '" + definition_.at(injection.step).id +
                                "' was not confirmed, and the saga went on");
    }
  }

  const Definition& definition_;
  const MatrixOptions& options_;
  Readings& readings_;
};

}  // namespace

Trial try_out(const Definition& definition, const MatrixOptions& options, const Json& input,
              const Injections& injections, Readings& readings) {
  return Trier(definition, options, readings).run(input, injections);
}

}  // namespace skald::testing
