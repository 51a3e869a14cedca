#include <nlohmann/json.hpp>

#include "dsl/json/read.hpp"
#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
using document::Limits;
using document::read_json;
using document::Report;

namespace {

std::vector<std::string> refused(std::string_view text, const Limits& limits = {}) {
  Report report;
  (void)read_json(text, limits, report);
  return places(report.sorted());
}

nlohmann::json read(std::string_view text) {
  Report report;
  const auto tree = read_json(text, Limits{}, report);
  REQUIRE_MESSAGE(tree.has_value(), printed(report.sorted()));
  CHECK(report.empty());
  return to_json(tree->root);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("JSON is read with comments and trailing commas") {
  CHECK(read("// first\n{\"a\": [1, /* two */ 2,], }") == nlohmann::json{{"a", {1, 2}}});
  CHECK(read("\xEF\xBB\xBF{}") == nlohmann::json::object());
  CHECK(read(R"({"a":"// no comment"})") == nlohmann::json{{"a", "// no comment"}});
  CHECK(read("[]").empty());
}

TEST_CASE("values are read as JSON says") {
  CHECK(read("[true,false,null]") == nlohmann::json{true, false, nullptr});
  CHECK(read("[0,-1,9223372036854775807,18446744073709551615]") ==
        nlohmann::json{0, -1, INT64_MAX, UINT64_MAX});
  CHECK(read("[1.5,-2e-3,1E2]") == nlohmann::json{1.5, -2e-3, 100});
  CHECK(read("[1.0]")[0].is_number_integer());
  CHECK(read(R"(["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"])")[0] == "\"\\/\b\f\n\r\té😀");
}

TEST_CASE("what is no JSON is refused where it stands") {
  const std::vector<std::pair<std::string_view, std::string>> cases{
      {"", "SYNTAX 1:1"},
      {"{", "SYNTAX 1:2"},
      {"{\"a\" 1}", "SYNTAX 1:6"},
      {"{a: 1}", "SYNTAX 1:2"},
      {"[1 2]", "SYNTAX 1:4"},
      {"[,]", "SYNTAX 1:2"},
      {"[1,,2]", "SYNTAX 1:4"},
      {"{} {}", "SYNTAX 1:4"},
      {"[01]", "SYNTAX 1:4"},
      {"[1.]", "SYNTAX 1:4"},
      {"[-]", "SYNTAX 1:3"},
      {"[1e999]", "SYNTAX 1:2"},
      {"[99999999999999999999]", "SYNTAX 1:2"},
      {"[NaN]", "SYNTAX 1:2"},
      {"['a']", "SYNTAX 1:2"},
      {"[\"a]", "SYNTAX 1:2"},
      {"[\"a\n\"]", "SYNTAX 1:4"},
      {R"(["\x"])", "SYNTAX 1:4"},
      {R"(["\u12"])", "SYNTAX 1:7"},
      {R"(["\ud800"])", "ENCODING 1:9"},
      {R"(["\udc00"])", "ENCODING 1:9"},
      {"{} /* open", "SYNTAX 1:4"},
      {"[\n\n  tru]", "SYNTAX 3:3"},
      {"[\"é\", x]", "SYNTAX 1:7"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(refused(text) == Lines{expected});
  }
}

TEST_CASE("bytes that are not UTF-8 are refused, with the column in characters") {
  for (const std::string bad : {"\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                "\xF4\x90\x80\x80", "\xC3", "\xF8\x88\x80\x80\x80"}) {
    CHECK(refused("{\n\"é\": \"" + bad + "\"}") == Lines{"ENCODING 2:7"});
  }
}

TEST_CASE("all keys that appear twice are refused") {
  CHECK(refused(R"({"a":1,"b":{"c":1,"c":2},"a":3})") ==
        Lines{"DUPLICATE_KEY 1:19 /b/c", "DUPLICATE_KEY 1:26 /a"});
}

TEST_CASE("what is over the limits is refused") {
  Limits small;
  small.size = 10;
  CHECK(refused("[1,2,3,4,5]", small) == Lines{"TOO_LARGE 1:1"});
  small = {};
  small.depth = 3;
  CHECK(refused("[[[1]]]", small).empty());
  CHECK(refused("[[[[1]]]]", small) == Lines{"TOO_DEEP 1:4"});
  CHECK(refused("[{\"a\":[{}]}]", small) == Lines{"TOO_DEEP 1:8"});
  small = {};
  small.values = 3;
  CHECK(refused("[1,2]", small).empty());
  CHECK(refused("[1,2,3]", small) == Lines{"TOO_LARGE 1:6"});
  small = {};
  small.key = 2;
  CHECK(refused("{\"abc\":1}", small).size() == 1);
  CHECK(refused(std::string(100'000, '['), Limits{}) == Lines{"TOO_DEEP 1:65"});
}

TEST_CASE("every value knows its line, column and pointer") {
  Report report;
  const auto tree =
      read_json("{\n  \"a/b\": [\n    10,\n    {\"~\": \"ü\", \"c\": 1}]}", Limits{}, report);
  REQUIRE(tree.has_value());
  const auto& list = *tree->root.find("a/b");
  CHECK(where(*list.place, list.place->key) == "2:3 /a~1b");
  CHECK(where(*list.place, list.place->value) == "2:10 /a~1b");
  const auto& second = (*list.list())[1];
  CHECK(where(*second.place, second.place->value) == "4:5 /a~1b/1");
  const auto& last = *second.find("c");
  CHECK(where(*last.place, last.place->key) == "4:16 /a~1b/1/c");
  CHECK(where(*second.find("~")->place, second.find("~")->place->value) == "4:11 /a~1b/1/~0");
  CHECK(where(*tree->root.place, tree->root.place->value) == "1:1");
}

TEST_CASE("a name is found that is near to the one that was meant") {
  const std::vector<std::string> names{"debit", "credit", "notify"};
  CHECK(document::suggestion("debti", names) == ". Did you mean 'debit'?");
  CHECK(document::suggestion("credi", names) == ". Did you mean 'credit'?");
  CHECK(document::suggestion("notifyy", names) == ". Did you mean 'notify'?");
  CHECK(document::suggestion("ship", names).empty());
  CHECK(document::distance("abcd", "abdc", 9) == 1);
  CHECK(document::distance("kitten", "sitting", 9) == 3);
  CHECK(document::distance("kitten", "sitting", 2) == 2);
}

TEST_CASE("long and odd texts are cut before they stand in a message") {
  CHECK(document::shown("a\nb") == "a b");
  CHECK(document::shown(std::string(70, 'x')) == std::string(60, 'x') + "…");
  CHECK(document::shown(std::string(59, 'x') + "éé") == std::string(59, 'x') + "…");
}
