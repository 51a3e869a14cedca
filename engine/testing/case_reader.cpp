#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "engine/testing/case.hpp"

namespace skald::testing {

namespace {

using nlohmann::json;
using Names = std::vector<std::string_view>;

constexpr std::size_t cases_max = 1'000;

std::string listed(const Names& names) {
  std::string text;
  for (const auto name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

/// Fates that one word tells.
std::optional<Fate::Kind> fate_named(std::string_view word) {
  if (word == "unknown") return Fate::Kind::unheard;
  if (word == "pending") return Fate::Kind::working;
  if (word == "failed") return Fate::Kind::refused;
  for (const auto kind :
       {Fate::Kind::done, Fate::Kind::defect, Fate::Kind::lost, Fate::Kind::unreachable,
        Fate::Kind::twice, Fate::Kind::late, Fate::Kind::slow})
    if (word == name_of(kind)) return kind;
  return std::nullopt;
}

class Reader {
 public:
  Reader(const Definition& definition, std::vector<Finding>& findings)
      : definition_(definition), findings_(findings) {}

  Case one(const json& source, const std::string& where) {
    Case made;
    if (!object(source, where,
                {"name", "input", "answers", "signals", "actions", "advance", "expect"}))
      return made;
    if (const auto name = text(source, "name", where)) made.name = *name;
    if (made.name.empty()) refuse(where + "/name", "a case needs a name", "TEST_NAME");
    if (source.contains("input")) made.input = Json(source["input"]);
    if (source.contains("answers")) answers(source["answers"], where + "/answers", made);
    deals(source, "signals", where, made);
    deals(source, "actions", where, made);
    if (const auto limit = text(source, "advance", where)) {
      made.advance = parse_duration(*limit);
      if (!made.advance) not_a_duration(where + "/advance");
    }
    if (source.contains("expect")) made.expect = expectation(source["expect"], where + "/expect");
    if (!source.contains("expect"))
      refuse(where, "has no \"expect\", so it could not fail", "TEST_EXPECT");
    return made;
  }

  void refuse(const std::string& where, std::string why, std::string code) {
    findings_.push_back({where, std::move(why), std::move(code)});
  }

 private:
  void not_a_duration(const std::string& where) {
    refuse(where, "must be a duration such as \"90s\" or \"1h30m\"", "TEST_DURATION");
  }

  bool object(const json& value, const std::string& where, const Names& members) {
    if (!value.is_object()) {
      refuse(where, "must be an object with: " + listed(members), "TEST_TYPE");
      return false;
    }
    for (const auto& [key, member] : value.items())
      if (std::find(members.begin(), members.end(), key) == members.end())
        refuse(where + "/" + escape_pointer(key), "is not known here; known: " + listed(members),
               "TEST_UNKNOWN");
    return true;
  }

  std::optional<std::string> text(const json& source, const char* name, const std::string& where) {
    if (!source.contains(name)) return std::nullopt;
    if (source[name].is_string()) return source[name].get<std::string>();
    refuse(where + "/" + name, "must be text", "TEST_TYPE");
    return std::nullopt;
  }

  void not_a_call(const std::string& where, const std::string& name) {
    std::string known;
    for (const auto& step : definition_.steps) {
      known.append(known.empty() ? "" : ", ").append(step.id);
      if (step.undo) known += ", " + step.id + ".undo";
      if (step.probe) known += ", " + step.id + ".probe";
    }
    refuse(where, "'" + name + "' is no call of this definition; it has: " + known, "TEST_STEP");
  }

  void answers(const json& source, const std::string& where, Case& made) {
    if (!source.is_object()) return refuse(where, "must be an object by step", "TEST_TYPE");
    for (const auto& [name, value] : source.items()) {
      const std::string at = where + "/" + escape_pointer(name);
      const auto call = called(definition_, name);
      if (!call) {
        not_a_call(at, name);
        continue;
      }
      Answers& read = made.answers[*call];
      read.every = !value.is_array();
      const json list = value.is_array() ? value : json::array({value});
      for (std::size_t i = 0; i < list.size(); ++i)
        read.fates.push_back(fate(list[i], value.is_array() ? at + "/" + std::to_string(i) : at));
    }
  }

  Fate fate(const json& value, const std::string& where) {
    Fate made;
    static constexpr const char* expected =
        "must be \"done\", \"failed\", \"defect\", \"unknown\", \"lost\", \"unreachable\", "
        "\"pending\", \"twice\", \"late\", \"slow\", {\"done\": output}, {\"failed\": \"code\"} or "
        "{\"pending\": \"5s\"}";
    if (value.is_string()) {
      if (const auto kind = fate_named(value.get_ref<const std::string&>()))
        made.kind = *kind;
      else
        refuse(where, expected, "TEST_ANSWER");
      return made;
    }
    if (value.is_object() && value.contains("done")) {
      object(value, where, {"done", "outcome"});
      made.output = Json(value["done"]);
      made.answered = true;
      made.outcome = text(value, "outcome", where).value_or("");
    } else if (value.is_object() && value.contains("failed")) {
      object(value, where, {"failed", "details"});
      made.kind = Fate::Kind::refused;
      made.code = text(value, "failed", where).value_or("");
      if (value.contains("details")) made.details = Json(value["details"]);
    } else if (value.is_object() && value.contains("pending")) {
      object(value, where, {"pending"});
      made.kind = Fate::Kind::working;
      made.retry_after = parse_duration(text(value, "pending", where).value_or(""));
      if (!made.retry_after) not_a_duration(where + "/pending");
    } else {
      refuse(where, expected, "TEST_ANSWER");
    }
    return made;
  }

  void deals(const json& source, const char* list, const std::string& where, Case& made) {
    if (!source.contains(list)) return;
    const std::string at = where + "/" + list;
    if (!source[list].is_array()) return refuse(at, "must be a list", "TEST_TYPE");
    for (std::size_t i = 0; i < source[list].size(); ++i) {
      const json& item = source[list][i];
      const std::string here = at + "/" + std::to_string(i);
      Deal deal{moment(item, here), {}, false, here};
      if (item.is_object() && item.contains("refused")) deal.refused = item["refused"] == true;
      const bool read =
          list == std::string_view("signals") ? signal(item, here, deal) : action(item, here, deal);
      if (read) made.deals.push_back(std::move(deal));
    }
  }

  Moment moment(const json& item, const std::string& where) {
    Moment made;
    if (!item.is_object()) return made;
    if (const auto after = text(item, "after", where)) {
      made.time = parse_duration(*after);
      if (!made.time) made.line = *after;
    }
    if (item.contains("times")) {
      if (item["times"].is_number_unsigned() && item["times"] > 0 && item["times"] < 1'000'000)
        made.times = item["times"].get<std::size_t>();
      else
        refuse(where + "/times", "must be a whole number from 1", "TEST_TYPE");
    }
    return made;
  }

  bool signal(const json& item, const std::string& where, Deal& deal) {
    if (!object(item, where, {"after", "times", "name", "payload", "refused"})) return false;
    const auto name = text(item, "name", where);
    if (!name || (definition_.find_signal(*name) == nullptr && !deal.refused)) {
      refuse(where + "/name", "must be a signal of this definition", "TEST_SIGNAL");
      return false;
    }
    deal.what =
        Receive{*name, item.contains("payload") ? Json(item["payload"]) : Json(json::object())};
    return true;
  }

  bool action(const json& item, const std::string& where, Deal& deal) {
    if (!object(item, where,
                {"after", "times", "refused", "cancel", "compensate", "retry", "skip", "as",
                 "output", "reason", "restart"}))
      return false;
    if (item.contains("cancel")) {
      deal.what = Cancel{text(item, "cancel", where).value_or("")};
    } else if (item.contains("compensate")) {
      deal.what = Compensate{text(item, "compensate", where).value_or("")};
    } else if (item.contains("retry")) {
      deal.what = Retry{text(item, "retry", where).value_or(""), "as told"};
    } else if (item.contains("skip")) {
      return skip(item, where, deal);
    } else if (item.contains("restart")) {
      deal.what = Restart{};
    } else {
      refuse(where, "needs one of: cancel, compensate, retry, skip, restart", "TEST_ACTION");
      return false;
    }
    return true;
  }

  bool skip(const json& item, const std::string& where, Deal& deal) {
    Skip skip{.step = text(item, "skip", where).value_or(""), .reason = "as told"};
    const std::string as = text(item, "as", where).value_or("skipped");
    if (as == "done") skip.as = Skip::As::done;
    if (as == "failed") skip.as = Skip::As::failed;
    if (as != "done" && as != "failed" && as != "skipped") {
      refuse(where + "/as", "must be \"done\", \"failed\" or \"skipped\"", "TEST_ACTION");
      return false;
    }
    if (item.contains("output")) skip.output = Json(item["output"]);
    deal.what = std::move(skip);
    return true;
  }

  Expectation expectation(const json& source, const std::string& where) {
    Expectation made;
    if (!object(source, where,
                {"status", "state", "trace", "output", "data", "error", "stuck", "sent"}))
      return made;
    made.status = text(source, "status", where);
    if (made.status && !status_named(*made.status))
      refuse(where + "/status", "is no status; e.g. \"completed\", \"compensated\", \"stuck\"",
             "TEST_STATUS");
    made.stuck = text(source, "stuck", where);
    if (source.contains("state")) made.states = states(source["state"], where + "/state");
    if (source.contains("trace")) made.trace = lines(source["trace"], where + "/trace");
    if (source.contains("output")) made.output = Json(source["output"]);
    if (source.contains("data")) made.data = Json(source["data"]);
    if (source.contains("error")) made.error = Json(source["error"]);
    if (source.contains("sent")) sent(source["sent"], where + "/sent", made);
    return made;
  }

  std::vector<std::string> lines(const json& source, const std::string& where) {
    std::vector<std::string> made;
    if (!source.is_array()) refuse(where, "must be a list of texts", "TEST_TYPE");
    for (const auto& line : source.is_array() ? source : json::array()) {
      if (line.is_string())
        made.push_back(line.get<std::string>());
      else
        refuse(where, "must be a list of texts", "TEST_TYPE");
    }
    return made;
  }

  std::vector<std::string> states(const json& source, const std::string& where) {
    auto made = lines(source.is_string() ? json::array({source}) : source, where);
    for (const auto& state : made)
      if (!definition_.find_state(state))
        refuse(where, "'" + state + "' is no state of this definition", "TEST_STATE");
    std::sort(made.begin(), made.end());
    return made;
  }

  void sent(const json& source, const std::string& where, Expectation& made) {
    if (!source.is_object()) return refuse(where, "must be an object by step", "TEST_TYPE");
    for (const auto& [name, body] : source.items()) {
      if (called(definition_, name))
        made.sent.emplace(name, Json(body));
      else
        not_a_call(where + "/" + escape_pointer(name), name);
    }
  }

  const Definition& definition_;
  std::vector<Finding>& findings_;
};

}  // namespace

std::optional<std::pair<StepIndex, Phase>> called(const Definition& definition,
                                                  const std::string& name) {
  // A step may have a point in its id.
  if (const auto step = definition.find_step(name)) return std::pair(*step, Phase::forward);
  const auto point = name.rfind('.');
  if (point == name.npos) return std::nullopt;
  const auto step = definition.find_step(name.substr(0, point));
  if (!step) return std::nullopt;
  const auto what = name.substr(point + 1);
  if (what == "undo" && definition.at(*step).undo) return std::pair(*step, Phase::undo);
  if (what == "probe" && definition.at(*step).probe) return std::pair(*step, Phase::probe);
  return std::nullopt;
}

std::vector<Case> read_cases(const Definition& definition, const Json& tests,
                             const std::string& base, std::vector<Finding>& findings) {
  std::vector<Case> cases;
  Reader reader(definition, findings);
  const json& source = tests.value();
  if (!source.is_array()) {
    reader.refuse(base, "must be a list of cases", "TEST_TYPE");
    return cases;
  }
  if (source.size() > cases_max)
    reader.refuse(base, "has more than " + std::to_string(cases_max) + " cases", "TEST_COUNT");
  for (std::size_t i = 0; i < std::min(source.size(), cases_max); ++i)
    cases.push_back(reader.one(source[i], base + "/" + std::to_string(i)));
  return cases;
}

}  // namespace skald::testing
