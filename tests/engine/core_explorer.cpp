#include "tests/engine/core_explorer.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>

#include "engine/core/resume.hpp"
#include "engine/model/codec.hpp"
#include "tests/engine/core_promises.hpp"
#include "tests/engine/core_situation.hpp"

namespace skald::test {

namespace {

/// The core ends the process when it breaks a promise of its own; the way there is printed first.
std::function<std::string()> way_to_here;
void print_way(int) {
  if (way_to_here) std::fprintf(stderr, "%s\n", way_to_here().c_str());
  std::_Exit(134);
}

}  // namespace

Explorer::Explorer(const Definition& definition, std::string input)
    : definition_(definition), input_(std::move(input)) {}

std::string Explorer::walk() {
  const auto previous = std::signal(SIGABRT, print_way);
  Move start = start_of(definition_, input_);
  nodes_.push_back({start.situation, 0, start.label});
  std::string way;
  const auto judge = [&](std::uint32_t from, Move move) {
    const std::string label = move.label;
    way_to_here = [&] { return way_to(from, label); };
    const auto broken = step(from, std::move(move));
    if (broken.empty()) return true;
    way = way_to(from, label);
    for (const auto& promise : broken) way += "   BROKEN: " + promise + "\n";
    return false;
  };
  bool kept = judge(0, std::move(start));
  for (std::uint32_t at = 1; kept && at < nodes_.size(); ++at) {
    const Situation from = nodes_[at].situation;
    for (auto& move : moves_from(definition_, from))
      if (kept) kept = judge(at, std::move(move));
  }
  way_to_here = nullptr;
  std::signal(SIGABRT, previous);
  return way;
}

std::vector<std::string> Explorer::step(std::uint32_t from, Move move) {
  ++moves_;
  const Situation& before = nodes_[from].situation;
  Decision decision =
      apply(definition_, move.situation.saga, {move.event.what, std::uint64_t{1} << 63}, move.now);
  if (from > 0) ++coverage_[{move.kind, before.saga.status}];
  Situation after = move.situation;
  // What was refused was not asked for.
  if (decision.refusal) after = before;
  auto broken = broken_promises(definition_, before.saga, move, decision, after);
  if (!broken.empty()) return broken;
  const bool restarted = move.kind == Kind::restart;
  if (!decision.changed && !restarted) {
    Situation untouched = before;
    untouched.saga = decision.instance;
    normalise(definition_, untouched);
    if (key_of(untouched) != key_of(before)) return {"it changed the saga in secret"};
    return {};
  }
  if (std::holds_alternative<Reply>(move.event.what)) broken = repeat(move, decision.instance);
  after.saga = std::move(decision.instance);
  const auto count = nodes_.size();
  const auto to = visit(std::move(after), from, move.label);
  edges_.push_back({from, to, move.healthy});
  if (nodes_.size() > count)
    for (auto& problem : stored(nodes_[to].situation)) broken.push_back(std::move(problem));
  return broken;
}

std::vector<std::string> Explorer::repeat(const Move& move, const Instance& saga) {
  ++coverage_[{Kind::repeated, saga.status}];
  const auto again = apply(definition_, saga, move.event, move.now);
  if (again.changed) return {"the same reply moved the saga again"};
  return {};
}

std::vector<std::string> Explorer::stored(const Situation& situation) const {
  const Instance& saga = situation.saga;
  const std::string text = encode_instance(definition_, saga);
  auto read = decode_instance(definition_, text);
  if (!read.ok()) return {"it cannot be read back: " + read.error().message};
  Situation again = situation;
  again.saga = *read;
  if (encode_instance(definition_, *read) != text || key_of(again) != key_of(situation))
    return {"it is not the same when read back"};
  const auto calls = resume(*read);
  const auto asked = std::count_if(saga.pending.begin(), saga.pending.end(), [&](const Pending& p) {
    return p.wait == Pending::Wait::reply && std::any_of(calls.begin(), calls.end(), [&](auto& c) {
             return c.step == p.step && c.run == p.run && c.phase == p.phase &&
                    c.attempt == p.attempt && c.body == p.body;
           });
  });
  const auto waiting = std::count_if(saga.pending.begin(), saga.pending.end(),
                                     [](const auto& p) { return p.wait == Pending::Wait::reply; });
  if (asked != waiting || calls.size() != static_cast<std::size_t>(waiting))
    return {"after a restart it would not ask for what was in flight"};
  return {};
}

std::uint32_t Explorer::visit(Situation situation, std::uint32_t parent, const std::string& label) {
  normalise(definition_, situation);
  const auto next = static_cast<std::uint32_t>(nodes_.size());
  const auto [found, fresh] = known_.emplace(key_of(situation), next);
  if (fresh) nodes_.push_back({std::move(situation), parent, label});
  return found->second;
}

std::string Explorer::way_to(std::uint32_t node, const std::string& last) const {
  std::vector<std::string> labels;
  if (!last.empty()) labels.push_back(last);
  for (; node != 0; node = nodes_[node].parent) labels.push_back(nodes_[node].label);
  std::string way = "\nThe shortest way there:\n";
  for (std::size_t i = labels.size(); i-- > 0;)
    way += "  " + std::to_string(labels.size() - i) + ". " + labels[i] + "\n";
  return way;
}

std::string Explorer::dead_end(bool healthy) const {
  std::vector<std::vector<std::uint32_t>> into(nodes_.size());
  for (const auto& edge : edges_)
    if (edge.healthy || !healthy) into[edge.to].push_back(edge.from);
  std::vector<bool> ends(nodes_.size(), false);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 1; i < nodes_.size(); ++i)
    if (is_end(nodes_[i].situation.saga.status)) open.push_back(i);
  for (const auto i : open) ends[i] = true;
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    for (const auto from : into[at])
      if (!ends[from]) ends[from] = true, open.push_back(from);
  }
  for (std::uint32_t i = 1; i < nodes_.size(); ++i)
    if (!ends[i]) return way_to(i, "");
  return "";
}

Definition with_attempts(std::uint32_t attempts, Definition definition) {
  for (auto& step : definition.steps) step.retry.attempts = step.undo_retry.attempts = attempts;
  return definition;
}

}  // namespace skald::test
