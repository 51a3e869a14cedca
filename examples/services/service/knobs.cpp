#include "examples/services/service/knobs.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace skald::services {

namespace {

struct Share {
  const char* name;
  double Knobs::*member;
};

constexpr std::array shares{
    Share{"refuse", &Knobs::refuse},        Share{"error", &Knobs::error},
    Share{"undoError", &Knobs::undo_error}, Share{"errorAfterEffect", &Knobs::error_after_effect},
    Share{"loseReply", &Knobs::lose_reply}, Share{"delayShare", &Knobs::delay_share},
};

/// FNV-1a, then the finaliser of SplitMix64: neighbouring keys must not share their fate.
std::uint64_t hash(std::uint64_t seed, std::string_view text) {
  std::uint64_t mixed = 0xcbf29ce484222325U ^ (seed * 0x9e3779b97f4a7c15U);
  for (const char c : text) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

/// Whether a draw named by `what` falls into `share`.
bool hit(double share, std::uint64_t seed, const std::string& what) {
  const auto draw = static_cast<double>(hash(seed, what) >> 11) / static_cast<double>(1ULL << 53);
  return draw < share;
}

void turn(Knobs& knobs, const std::string& name, const nlohmann::json& value,
          std::vector<Finding>& findings) {
  for (const auto& share : shares) {
    if (name != share.name) continue;
    if (value.is_number() && value >= 0 && value <= 1)
      knobs.*share.member = value.get<double>();
    else
      findings.push_back({"/" + name, "must be a number from 0 to 1", "KNOB"});
    return;
  }
  const bool whole = value.is_number_unsigned();
  if (name == "delayMs" && whole && value <= 600'000)
    knobs.delay = std::chrono::milliseconds{value.get<std::int64_t>()};
  else if (name == "seed" && whole)
    knobs.seed = value.get<std::uint64_t>();
  else if (name == "delayMs" || name == "seed")
    findings.push_back(
        {"/" + name, "must be a whole number from 0 on, delayMs up to 600000", "KNOB"});
  else
    findings.push_back({"/" + name, "is no knob; GET /knobs shows them all", "KNOB"});
}

}  // namespace

Fate fate_of(const Knobs& knobs, std::string_view key, std::int64_t attempt, bool undo) {
  const std::string sticky(key);
  const std::string once = sticky + " " + std::to_string(attempt) + " ";
  const auto seed = knobs.seed;
  Fate fate;
  fate.refuse = !undo && hit(knobs.refuse, seed, sticky + " refuse");
  if (hit(knobs.error, seed, once + "error") ||
      (undo && hit(knobs.undo_error, seed, once + "undoError")))
    fate.error_status = hit(0.5, seed, once + "status") ? 500 : 503;
  fate.error_after_effect = hit(knobs.error_after_effect, seed, once + "errorAfterEffect");
  fate.lose_reply = hit(knobs.lose_reply, seed, once + "loseReply");
  if (hit(knobs.delay_share, seed, once + "delay")) fate.delay = knobs.delay;
  return fate;
}

Result<Knobs> turned(Knobs knobs, const Json& changes) {
  std::vector<Finding> findings;
  if (changes.value().is_object()) {
    for (const auto& [name, value] : changes.value().items()) turn(knobs, name, value, findings);
  } else {
    findings.push_back({"", "must be a JSON object, e.g. {\"refuse\": 0.1}", "KNOB"});
  }
  if (findings.empty()) return knobs;
  return Error{ErrorCode::invalid_argument, "The knobs cannot be turned so.",
               "Nothing was changed.", std::move(findings)};
}

Json to_json(const Knobs& knobs) {
  nlohmann::json tree{{"delayMs", knobs.delay.count()}, {"seed", knobs.seed}};
  for (const auto& share : shares) tree[share.name] = knobs.*share.member;
  return Json(tree);
}

}  // namespace skald::services
