#include <algorithm>
#include <array>

#include "dsl/json/builder.hpp"
#include "engine/model/status_range.hpp"

namespace skald::document {

namespace {

constexpr std::array<std::string_view, 11> policy_keys{
    "attempts", "first",      "factor",     "max",     "jitter", "patience",
    "step",     "maxElapsed", "redelivery", "retryOn", "failOn"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "429", "5xx", "200-204", or a word that begins with a letter.
bool is_answer(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto word = [&](char c) {
    return letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
  };
  if (text.empty() || text.size() > 128) return false;
  if (letter(text.front())) return std::all_of(text.begin(), text.end(), word);
  return is_status_range(text);
}

}  // namespace

bool is_status_range(std::string_view text) {
  const auto range = parse_status_pattern(text);
  return !text.empty() && range && range->last < 600;
}

void Builder::answers(Fields& fields, std::string_view key, std::vector<std::string>& answers) {
  const auto* list = fields.list(key);
  if (list == nullptr) return;
  for (const auto& element : *list) {
    const auto* text = text_of(element, "an answer in '" + std::string(key) + "'", report_);
    if (text == nullptr) continue;
    if (is_answer(*text))
      answers.push_back(*text);
    else
      report_.add(*element.place,
                  "'" + shown(*text) +
                      "' is no answer: write \"429\", \"5xx\", \"500-504\", \"timeout\", "
                      "\"connection\" or the code of a refusal",
                  "ANSWER");
  }
}

/// Takes out of retryOn what failOn, which is asked first, has already answered.
void Builder::only_one_answer(Fields& fields, RetryPolicy& made) {
  const auto answered = [&](const std::string& retried) {
    const auto& all = made.fail_on;
    return std::find_if(all.begin(), all.end(),
                        [&](const std::string& failed) { return names_all_of(failed, retried); });
  };
  const auto* list = fields.find("retryOn") == nullptr ? nullptr : fields.find("retryOn")->list();
  if (list == nullptr) return;
  for (const auto& element : *list) {
    if (element.text() == nullptr) continue;
    const auto failed = answered(*element.text());
    if (failed == made.fail_on.end()) continue;
    report_.add(*element.place,
                "'" + shown(*element.text()) + "' is never tried again: '" + shown(*failed) +
                    "' in 'failOn' comes first; drop one",
                "ANSWER");
    std::erase(made.retry_on, *element.text());
  }
}

RetryPolicy Builder::policy(const Node& node) {
  Fields fields(node, "a retry policy", policy_keys, report_);
  RetryPolicy made;
  const auto span = [&](std::string_view key, Duration& field, Duration least) {
    if (const auto read = fields.duration(key, least)) field = *read;
  };
  if (const auto attempts = fields.whole("attempts", 1, 1'000'000)) made.attempts = *attempts;
  span("first", made.first, Duration{1});
  if (const auto factor = fields.number("factor", 1, 1000)) made.factor = *factor;
  // A long first wait without a longest one of its own is meant as it is written.
  made.max = std::max(made.max, made.first);
  span("max", made.max, Duration{1});
  if (const auto jitter = fields.number("jitter", 0, 1)) made.jitter = *jitter;
  span("patience", made.patience, Duration{1});
  span("step", made.step, Duration{0});
  span("maxElapsed", made.max_elapsed, Duration{0});
  if (const auto* waits = fields.list("redelivery"))
    for (const auto& wait : *waits)
      if (const auto read = duration_of(wait, "a wait in 'redelivery'", Duration{1}, report_))
        made.redelivery.push_back(*read);
  answers(fields, "retryOn", made.retry_on);
  answers(fields, "failOn", made.fail_on);
  only_one_answer(fields, made);
  if (const Node* max = fields.find("max"); max != nullptr && made.max < made.first)
    report_.add(*max->place, "'max' is shorter than 'first'; it is the longest wait", "RANGE");
  made.max = std::max(made.max, made.first);
  return made;
}

RetryPolicy Builder::policy_of(Fields& fields, std::string_view key, const RetryPolicy& otherwise) {
  const Node* found = fields.find(key);
  if (found == nullptr) return otherwise;
  const auto* name = found->text();
  if (name == nullptr) return policy(*found);
  const auto known = policies_.find(*name);
  if (known != policies_.end()) return known->second;
  std::vector<std::string_view> names;
  for (const auto& [each, policy] : policies_) names.push_back(each);
  std::sort(names.begin(), names.end());
  report_.add(*found->place,
              "the document names no retry policy '" + shown(*name) + "' under 'retry'" +
                  suggestion(*name, names),
              "UNKNOWN_POLICY");
  return otherwise;
}

}  // namespace skald::document
