#include "tests/sagas/twins.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "dsl/json/load.hpp"
#include "dsl/json/show.hpp"
#include "engine/core/input.hpp"

namespace skald::test {

namespace {

using nlohmann::json;

/// Keys of a document below which everything may be computed.
const std::set<std::string, std::less<>> computed{"body",        "address", "key",  "when", "at",
                                                  "correlation", "forEach", "tags", "locks"};

void mask(json& node);

void mask_member(const std::string& key, json& value) {
  if (computed.contains(key) || key == "businessKey" || key == "output") {
    value = "…";
  } else if (key == "input" && value.contains("$native")) {
    value = "…";
  } else if (key == "input" && value.contains("examples")) {
    // For who tries the saga; it says nothing of what an input may be.
    value.erase("examples");
    mask(value);
  } else if (key == "required" && value.is_array()) {
    std::sort(value.begin(), value.end());
  } else {
    mask(value);
  }
}

/// "GET ${participants.inventory}/products/${item.sku}" says what a table says by a function.
void mask_path(json& operation) {
  const auto http = operation["http"].get<std::string>();
  const auto path = http.find('}') + 1;
  if (http.find("${", path) == http.npos) return;
  operation["http"] = http.substr(0, path);
  operation["address"] = "…";
}

void mask(json& node) {
  if (node.is_array())
    for (auto& element : node) mask(element);
  if (!node.is_object()) return;
  if (node.contains("http")) mask_path(node);
  if (node.contains("set") || node.contains("$native")) node = {{"set", "…"}};
  // The input of a child is computed; that of the saga itself is a schema.
  if (node.contains("saga") && !node.contains("states") && node.contains("input"))
    node["input"] = "…";
  for (auto& [key, value] : node.items()) mask_member(key, value);
}

std::string findings_of(const Error& error) {
  std::string text = error.message;
  for (const auto& finding : error.findings)
    text += "\n  " + finding.where + ": " + finding.why + " (" + finding.code + ")";
  return text;
}

std::string line(const HistoryEntry& entry) {
  std::ostringstream out;
  out << static_cast<int>(entry.kind) << ' ' << entry.step << ' ' << entry.state << ' '
      << entry.attempt << ' ' << entry.message << ' ' << entry.payload.text();
  if (entry.kind == HistoryKind::called) out << ' ' << static_cast<int>(*entry.phase);
  return out.str();
}

/// Everything that can be seen of a saga now, line by line.
std::vector<std::string> seen(const Driver& driver) {
  const Instance& saga = driver.saga;
  const Definition& definition = driver.definition;
  std::vector<std::string> lines{"status " + std::string(name_of(saga.status)),
                                 "in " + where(driver),
                                 "data " + saga.data.text(),
                                 "output " + saga.output.text(),
                                 "error " + saga.error.text(),
                                 "stuck " + saga.stuck_reason};
  for (const auto& call : driver.in_flight)
    lines.push_back("call " + driver.name(call) + " #" + std::to_string(call.run) + " " +
                    std::to_string(call.attempt) + " " + call.address + " " + call.body.text());
  for (const auto& pending : saga.pending)
    lines.push_back("pending " + definition.at(pending.step).id + " until " +
                    to_rfc3339(pending.until));
  for (const auto& entry : saga.log)
    lines.push_back("log " + definition.at(entry.step).id + " " + entry.output.text() + " " +
                    std::to_string(static_cast<int>(entry.undo)));
  for (const auto& timer : saga.timers)
    lines.push_back("timer " + definition.at(timer.state).name + " " + to_rfc3339(timer.due));
  for (const auto& lock : saga.locks) lines.push_back("lock " + lock);
  for (const auto& kept : saga.kept) lines.push_back("kept " + definition.at(kept.event));
  for (const auto& entry : driver.history) lines.push_back(line(entry));
  return lines;
}

}  // namespace

Definition from_document(const std::string& file) {
  std::ifstream stream(std::string(SKALD_SAGAS) + "/" + file);
  REQUIRE_MESSAGE(stream.good(), "sagas/", file, " cannot be read");
  std::ostringstream text;
  text << stream.rdbuf();
  auto loaded = document::load(text.str(), document::Format::detect);
  REQUIRE_MESSAGE(loaded.ok(), "sagas/", file, ": ", findings_of(loaded.error()));
  return std::move(*loaded);
}

Definition from_table(const Result<Definition>& made) {
  REQUIRE_MESSAGE(made.ok(), findings_of(made.error()));
  return *made;
}

std::string structure(const Definition& definition) {
  json full = document::full_document(definition).value();
  full.erase("tests");
  mask(full);
  return full.dump(1);
}

Twins::Twins(const Definition& table, const Definition& document, std::string_view input,
             const std::vector<Move>& way)
    : table_(table, {}, input), document_(document, {}, input) {
  for (const auto& move : way)
    if (move.what == Move::What::done) outputs_.emplace(move.name, move.payload);
  both([](Driver& driver) { return driver.start(); });
  if (!table_.saga.locked) both([](Driver& driver) { return driver.send(Locked{}); });
}

template <class Act>
void Twins::both(Act act) {
  const Decision one = act(table_), other = act(document_);
  const auto refusal = [](const Decision& decision) {
    return decision.refusal ? decision.refusal->message : std::string{};
  };
  CHECK(refusal(one) == refusal(other));
  compare();
}

void Twins::compare() {
  const auto one = seen(table_), other = seen(document_);
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i)
    REQUIRE_MESSAGE(one[i] == other[i], "after ", table_.calls.size(), " calls");
  REQUIRE(one.size() == other.size());
  for (const auto& call : table_.in_flight)
    sent_[table_.name(call)] = call.address + " " + call.body.text();
}

void Twins::move(const Move& move) {
  switch (move.what) {
    case Move::What::done:
      return both([&](Driver& d) {
        return d.answer(move.name, Done{Json(json::parse(move.payload)), {}});
      });
    case Move::What::named:
      return both([&](Driver& d) {
        return d.answer(move.name, Done{Json(json::object()), move.payload});
      });
    case Move::What::refused:
      return both([&](Driver& d) { return d.answer(move.name, test::refused(move.payload)); });
    case Move::What::lost:
      return both([&](Driver& d) { return d.answer(move.name, test::lost()); });
    case Move::What::signal:
      return both([&](Driver& d) {
        return d.send(Receive{move.name, Json(json::parse(move.payload))});
      });
    case Move::What::cancel:
      return both([](Driver& d) { return d.send(Cancel{"as asked"}); });
    case Move::What::time:
      table_.tick();
      document_.tick();
      return compare();
  }
}

void Twins::finish() {
  for (int moves = 0; moves < 100 && !is_end(table_.saga.status); ++moves) {
    if (!table_.in_flight.empty()) {
      const std::string call = table_.name(table_.in_flight.front());
      const auto output = outputs_.find(call);
      move(done(call, output == outputs_.end() ? "{}" : output->second));
      continue;
    }
    const auto revision = table_.saga.revision;
    move(time());
    if (table_.saga.revision == revision) return;
  }
}

std::string Twins::sent(const std::string& name) const {
  const auto found = sent_.find(name);
  return found == sent_.end() ? "never" : found->second;
}

namespace {

/// What may happen instead of the next move; false: it cannot happen here.
using Turn = bool (*)(Twins&);

std::string under_way(const Twins& twins) {
  const auto& in_flight = twins.saga().in_flight;
  return in_flight.empty() ? "" : twins.saga().name(in_flight.front());
}

bool is_refused(Twins& twins) {
  const std::string call = under_way(twins);
  if (!call.empty()) twins.move(refused(call, "refused"));
  return !call.empty();
}

bool is_never_answered(Twins& twins) {
  const std::string call = under_way(twins);
  if (call.empty()) return false;
  for (int attempts = 0; attempts < 40 && under_way(twins) == call; ++attempts) {
    twins.move({Move::What::lost, call});
    if (twins.saga().in_flight.empty()) twins.move(time());
  }
  return true;
}

bool is_cancelled(Twins& twins) {
  twins.move(cancel());
  return true;
}

bool waits(Twins& twins) {
  twins.move(time());
  return true;
}

}  // namespace

Driver play(const Definition& table, const Definition& document, std::string_view input,
            const std::vector<Move>& way) {
  for (const Turn turn : {is_refused, is_never_answered, is_cancelled, waits})
    for (std::size_t moves = 0; moves <= way.size(); ++moves) {
      Twins twins(table, document, input, way);
      for (std::size_t i = 0; i < moves; ++i) twins.move(way[i]);
      if (!is_end(twins.saga().saga.status) && turn(twins)) twins.finish();
    }
  Twins twins(table, document, input);
  for (const auto& move : way) twins.move(move);
  return twins.saga();
}

std::string heading(const Definition& definition, std::string_view input) {
  const Json given = *Json::parse(input);
  if (!check_input(definition, given, "").empty()) return "is refused";
  Driver driver(definition, {}, input);
  json made{{"businessKey", business_key_of(definition, given)},
            {"tags", tags_of(definition, given)},
            {"locks", json::array()},
            {"correlations", json::object()}};
  const SagaView view(definition, driver.saga, driver.now);
  const json nothing;
  const EventView event{"", "", nothing};
  for (const auto& lock : definition.locks) made["locks"].push_back(lock.make(view, event));
  for (const auto& signal : definition.signals)
    if (signal.correlation)
      made["correlations"][signal.name] = signal.correlation.make(view, event);
  return made.dump();
}

}  // namespace skald::test
