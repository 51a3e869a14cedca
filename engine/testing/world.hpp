#pragma once

#include <map>
#include <string>

#include "engine/model/event.hpp"
#include "engine/model/saga.hpp"
#include "engine/testing/answer.hpp"

namespace skald::testing {

/// The truth about one run of a step at its participant.
struct Deed {
  StepIndex step{};
  std::uint32_t run = 1;
  Json body;  ///< of the call
  std::string address;
  std::uint32_t calls = 0;    ///< requests that arrived
  std::uint32_t undos = 0;    ///< undo requests that arrived
  std::uint32_t effects = 0;  ///< how often it took effect
  std::uint32_t undone = 0;   ///< how often an effect was taken back
  bool stands = false;        ///< the effect is there now
  bool refused = false;       ///< and so refused again
  bool shut = false;          ///< undone, or denied when asked: no later request takes effect
  bool loose = false;         ///< a request is on its way still
  Json output;                ///< what the participant answered, and answers again
  std::string outcome;
};

/// The participants of one saga, all in one place: they keep the barrier of the wire contract (one
/// effect for an idempotency key, the same answer to a repeated request, no effect after an undo),
/// and do what a script says. They answer by the truth, so a probe finds what happened.
class World {
 public:
  struct Options {
    Script script;  ///< none: everything is done
    /// What a step answers, by its id; else the request's body with an "id", as most services do.
    std::map<std::string, Json, std::less<>> outputs;
    bool barrier = true;  ///< false: participants that forget what they did
  };
  World(const Definition& definition, Options options)
      : definition_(definition), options_(std::move(options)) {}

  /// What the saga is told about an attempt.
  struct Told {
    Outcome outcome;
    bool again = false;  ///< the same reply comes a second time
    /// Comes after the next attempt of the step.
    std::optional<Outcome> later;
    bool slow = false;  ///< `outcome` comes just before the attempt's timeout
  };
  [[nodiscard]] Told answer(const Call& call);

  /// The request arrives, and nobody hears of the reply: the node is down.
  void arrive(const Call& call);

  /// An operator has seen to it outside that a call or undo took effect, or that a call had none.
  void by_hand(const Call& call, Skip::As as);

  /// A child that has not ended yet is told to end.
  void stop_child(StepIndex step, std::uint32_t run);

  /// Whatever is still on its way arrives.
  void arrive_loose();

  /// Nothing is broken any more, and who refused does so no longer.
  void heal();

  /// By step and run.
  [[nodiscard]] const std::map<std::pair<StepIndex, std::uint32_t>, Deed>& deeds() const {
    return deeds_;
  }

 private:
  Deed& deed(const Call& call);
  [[nodiscard]] Fate fate(const Call& call);
  void execute(Deed& deed, const Call& call, const Fate& fate);
  void undo(Deed& deed) const;
  [[nodiscard]] Outcome settled(const Deed& deed, const Call& call) const;
  [[nodiscard]] Outcome probed(Deed& deed) const;
  [[nodiscard]] Json output(const Call& call, const Fate& fate) const;

  const Definition& definition_;
  Options options_;
  bool healed_ = false;
  std::map<std::pair<StepIndex, std::uint32_t>, Deed> deeds_;
  std::map<std::pair<StepIndex, Phase>, std::uint32_t> attempts_;
};

}  // namespace skald::testing
