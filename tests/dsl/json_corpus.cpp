#include <ctime>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;
using Codes = std::set<std::string>;

/// Every code that a document can bring about, but those of `codes_of_the_program`.
const Codes codes_of_documents{
    // reading
    "DUPLICATE_KEY", "ENCODING", "SYNTAX", "TOO_DEEP", "TOO_LARGE", "YAML_ANCHOR", "YAML_KEY",
    "YAML_TAG",
    // structure
    "ACTION", "ANSWER", "CONDITION", "DEPENDS_ON", "DUPLICATE_ID", "DUPLICATE_STATE", "DURATION",
    "EMPTY", "EVENT_NOT_HANDLED", "FIRST_STEP", "FORM_MIXED", "GOTO_REGION", "HEADER", "HTTP",
    "MIGRATION", "MISSING_KEY", "NAME", "RANGE", "REGEX", "RESERVED_ID", "SCHEMA", "SCHEMA_KEYWORD",
    "SCHEMA_REF", "SECRET_INLINE", "STATE_LEVEL", "STEP_KIND", "STEP_NOT_CALLED", "TARGET",
    "TEST_ACTION", "TEST_ANSWER", "TEST_COUNT", "TEST_DURATION", "TEST_INPUT", "TEST_STEP",
    "TEST_TYPE", "TEST_UNKNOWN", "TRANSITION", "TRIGGER", "TYPE", "UNDO", "UNKNOWN_EVENT",
    "UNKNOWN_FUNCTION", "UNKNOWN_KEY", "UNKNOWN_POLICY", "UNKNOWN_SIGNAL", "UNKNOWN_STATE",
    "UNKNOWN_STEP", "UNKNOWN_WORD", "UNREACHABLE_STEP", "WAIT",
    // expressions
    "EXPR_FUNCTION", "EXPR_LITERAL", "EXPR_MAY_BE_ABSENT", "EXPR_REGEX", "EXPR_ROOT_NOT_ALLOWED",
    "EXPR_SYNTAX", "EXPR_TOO_DEEP", "EXPR_TYPE", "EXPR_UNKNOWN_REFERENCE", "EXPR_UNKNOWN_STEP",
    // the machine
    "AMBIGUOUS", "BUSINESS_KEY", "CALL_AND_UNWIND", "CALL_ON_EXIT", "CHILD_LOOP", "CHILD_PIVOT",
    "DEAD_END", "DEFER", "EFFECT_AFTER_PIVOT", "EFFECT_AFTER_UNWIND", "FAILURE_AFTER_PIVOT",
    "FINAL_LEFT", "FOR_EACH", "JOIN", "LOOP", "NO_END", "NO_UNDO", "ON_EXHAUSTED",
    "OUTCOME_NOT_HANDLED", "PARK", "PIVOT_IN_REGION", "PIVOT_NOT_ALONE", "RETRIABLE_TOO_EARLY",
    "SHARED_EVENT", "TIMEOUT_PAST_DEADLINE", "UNREACHABLE_STATE", "UNWIND_AFTER_PIVOT"};

/// Too much of something, or a participant that is not configured: the cases below make these.
const Codes codes_made_here{"EXPR_TOO_LONG", "TOO_MANY", "UNKNOWN_PARTICIPANT"};

/// The loader refuses what would lead to these before the check of the model sees it; C++ tables
/// can bring them about, so can the inputs of sagas, and who reads the cases of a document again.
const Codes codes_of_the_program{
    "DEADLINE",     "DUPLICATE_NAME", "DUPLICATE_STEP", "EVENT_NEVER_COMES", "NO_INITIAL_STATE",
    "NO_NAME",      "NO_VERSION",     "RETRY_POLICY",   "TIMEOUT",           "TIMER",
    "INPUT_SCHEMA", "INPUT_TYPE",     "TEST_EXPECT",    "TEST_NAME",         "TEST_SIGNAL",
    "TEST_STATE",   "TEST_STATUS"};

std::string contents_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The codes in the expectations of the wrong documents.
Codes codes_of_corpus() {
  Codes codes;
  for (const auto& entry : fs::directory_iterator(fs::path(SKALD_TEST_DOCUMENTS) / "wrong")) {
    if (entry.path().extension() != ".expected") continue;
    std::ifstream lines(entry.path());
    for (std::string line; std::getline(lines, line);) codes.insert(line.substr(0, line.find(' ')));
  }
  return codes;
}

/// Texts in capitals that stand in double quotes: codes, and few other things.
void add_words_of(const std::string& text, Codes& words) {
  for (auto at = text.find('"'); at != text.npos; at = text.find('"', at + 1)) {
    const auto end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at + 1);
    if (end != text.npos && text[end] == '"' && end > at + 3)
      words.insert(text.substr(at + 1, end - at - 1));
  }
}

Codes codes_of_sources() {
  const fs::path root = SKALD_JSON_SOURCES;
  Codes words;
  for (const auto folder : {"dsl/json", "dsl/expr", "engine/core"})
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      const auto name = entry.path().filename().string();
      const bool checks = std::string_view(folder) != "engine/core" || name.starts_with("check");
      if (checks && name.ends_with(".cpp")) add_words_of(contents_of(entry.path()), words);
    }
  add_words_of(contents_of(root / "engine/testing/case_reader.cpp"), words);
  for (const auto word : {"DELETE", "GET", "PATCH", "POST", "PUT", "TRUE", "FALSE", "NULL"})
    words.erase(word);
  return words;
}

Lines without(const Codes& codes, const std::vector<const Codes*>& others) {
  Lines left;
  for (const auto& code : codes)
    if (std::none_of(others.begin(), others.end(),
                     [&](const Codes* other) { return other->contains(code); }))
      left.push_back(code);
  return left;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// The first finding of a text, found within the time that one document may take.
std::string first_of(const std::string& text, std::size_t* count = nullptr) {
  const auto begin = std::clock();
  const Lines found = wrong(text);
  // Well below a second when optimised; this leaves room for sanitizers. Time of this program, so
  // that its neighbours do not count.
  CHECK(std::clock() - begin < 20 * CLOCKS_PER_SEC);
  if (count != nullptr) *count = found.size();
  return found.empty() ? "" : found.front();
}

/// A full form of `count` states, one after the other.
std::string chain(std::size_t count) {
  std::string states, transitions;
  for (std::size_t i = 1; i < count; ++i) {
    const std::string name = "\"s" + std::to_string(i) + "\"";
    states += name + ":{},";
    transitions +=
        "{\"from\":" + name + ",\"after\":\"1s\",\"to\":\"s" + std::to_string(i + 1) + "\"},";
  }
  return R"({"saga":"s","version":1,"initial":"s1","states":{)" + states + "\"s" +
         std::to_string(count) + R"(":{"final":"success"}},"transitions":[)" + transitions + "]}";
}

}  // namespace

TEST_CASE("every code that a document can bring about is in the expectations of one") {
  const auto corpus = codes_of_corpus();
  CHECK(without(codes_of_documents, {&corpus}) == Lines{});
  CHECK(without(corpus, {&codes_of_documents}) == Lines{});
}

TEST_CASE("every code of the sources is accounted for") {
  const auto sources = codes_of_sources();
  CHECK(sources.size() > 90);
  CHECK(without(sources, {&codes_of_documents, &codes_made_here, &codes_of_the_program}) ==
        Lines{});
  CHECK(without(codes_of_documents, {&sources}) == Lines{});
  CHECK(without(codes_made_here, {&sources}) == Lines{});
  CHECK(without(codes_of_the_program, {&sources}) == Lines{});
}

TEST_CASE("a participant that is not configured is refused") {
  auto options = test_options();
  options.participants = {"accounts"};
  CHECK(wrong(with_steps(call("a")), options) ==
        Lines{"UNKNOWN_PARTICIPANT 1:82 /steps/0/call/http"});
}

TEST_CASE("a text of any depth is refused where it becomes too deep") {
  constexpr std::size_t deep = 100'000;
  CHECK(first_of("{\"a\":" + repeated("[", deep)) == "TOO_DEEP 1:69");
  CHECK(first_of(repeated("{\"a\":", deep)) == "TOO_DEEP 1:321");
  // A bracket that is never closed may be a key, for all that the scanner of YAML can tell.
  CHECK(first_of("a: " + repeated("[", deep)) == "YAML_KEY 1:5");
  CHECK(first_of("a: " + repeated("[", 500) + repeated("]", 500)) == "TOO_DEEP 1:67");
  CHECK(first_of(repeated("{a: ", deep)).starts_with("SYNTAX"));
  CHECK(first_of("a: " + repeated("{a: ", deep)).starts_with("TOO_DEEP 1:"));
  CHECK(first_of(repeated("- ", deep)).starts_with("TOO_DEEP 1:"));
}

TEST_CASE("an expression of any depth or length is refused") {
  const auto with_body = [](const std::string& expression) {
    return with_steps(R"({"id":"a","noUndo":"x","call":{"http":"POST ${participants.p}/a",)"
                      R"("body":"${)" +
                      expression + "}\"}}");
  };
  const std::string body = " 1:106 /steps/0/call/body";
  CHECK(first_of(with_body(repeated("(", 2000) + "1" + repeated(")", 2000))) ==
        "EXPR_TOO_DEEP" + body);
  CHECK(first_of(with_body(repeated("(", 100'000))) == "EXPR_TOO_LONG" + body);
  CHECK(first_of(with_body(repeated("1+", 2000) + "1")) == "EXPR_TOO_DEEP" + body);
  CHECK(first_of(with_body("1" + repeated(" ", 5000))) == "EXPR_TOO_LONG" + body);
}

TEST_CASE("ten thousand states are accepted, and one more is not") {
  CHECK(first_of(chain(10'000)) == "");
  CHECK(first_of(chain(10'001)).starts_with("TOO_MANY 1:"));
}

TEST_CASE("a text of more than one mebibyte is refused unread") {
  const std::string good = with_steps(call("a"));
  const std::size_t most = std::size_t{1} << 20;
  CHECK(first_of(good + repeated(" ", most - good.size())) == "");
  CHECK(first_of(good + repeated(" ", most - good.size() + 1)) == "TOO_LARGE 1:1");
}

TEST_CASE("a hundred thousand duplicate keys cost no more than as many findings as are kept") {
  std::size_t count = 0;
  CHECK(first_of("{" + repeated("\"a\":1,", 100'000) + "}", &count) == "DUPLICATE_KEY 1:8 /a");
  CHECK(count == 200);
  CHECK(first_of(repeated("a: 1\n", 100'000), &count) == "DUPLICATE_KEY 2:1 /a");
  CHECK(count == 200);
}

TEST_CASE("of ten thousand findings the first are told") {
  std::size_t count = 0;
  std::string keys;
  for (std::size_t i = 0; i < 10'000; ++i) keys += "\"k" + std::to_string(i) + "\":1,";
  CHECK(first_of(with_steps(call("a"), keys), &count) == "UNKNOWN_KEY 1:25 /k0");
  CHECK(count == 200);
  const std::string step = R"({"id":"a","call":{"http":"POST"}},)";
  CHECK(first_of(with_steps(repeated(step, 10'000)), &count).find(" 1:") != std::string::npos);
  CHECK(count == 200);
}
