#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/model/json.hpp"

namespace skald::test {

namespace {

/// "line:column why" of the refusal of `text`.
std::string refusal(std::string_view text, JsonLimits limits = {}) {
  const auto parsed = Json::parse(text, limits);
  if (parsed.ok()) return "accepted";
  CHECK(parsed.error().code == ErrorCode::invalid_argument);
  REQUIRE(parsed.error().findings.size() == 1);
  CHECK(parsed.error().findings[0].code == "JSON");
  return parsed.error().findings[0].where + " " + parsed.error().findings[0].why;
}

std::string where(std::string_view text) {
  const std::string all = refusal(text);
  return all.substr(0, all.find(' '));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST_CASE("what is accepted is kept compact and in one order of keys") {
  const auto json = Json::parse(" {\"b\" : [1, 2.5,\ttrue , null],\r\n\"a\":\"\\u00e9\"} ");
  REQUIRE(json.ok());
  CHECK(json->text() == "{\"a\":\"\xC3\xA9\",\"b\":[1,2.5,true,null]}");
  CHECK(json->value().at("b").size() == 4);
  CHECK(*json == *Json::parse(R"({"a":"é","b":[1,2.5,true,null]})"));
}

TEST_CASE("null is the value nobody gave") {
  CHECK(Json().is_null());
  CHECK(Json().text() == "null");
  CHECK(Json().value().is_null());
  CHECK(Json::parse("null")->is_null());
  CHECK_FALSE(Json::parse("0")->is_null());
}

TEST_CASE("stored text and trees give the same value") {
  const Json stored = Json::from_stored(R"({"a":1})");
  CHECK(stored.value().at("a") == 1);
  const Json built(nlohmann::json{{"a", 1}});
  CHECK(built == stored);
  CHECK(built.value() == stored.value());
}

TEST_CASE("the place of a syntax error is the line and column of the offending character") {
  CHECK(where("") == "1:1");
  CHECK(where("?") == "1:1");
  CHECK(where("{\"a\": }") == "1:7");
  CHECK(where("{\"a\": 1,\n \"b\" 2}") == "2:6");
  CHECK(where("[1,\n2,\n\n  x]") == "4:3");
  CHECK(where("[1, 2") == "1:6");
  CHECK(where("{\"a\":1} x") == "1:9");
  CHECK(where("[1]\n[2]") == "2:1");
  CHECK(where("[1,]") == "1:4");
  CHECK(where("'a'") == "1:1");
}

TEST_CASE("numbers are JSON numbers and finite") {
  for (const char* wrong : {"NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "0x10", "1e"})
    CHECK_MESSAGE(refusal(wrong) != "accepted", wrong);
  CHECK(refusal("1e999").find("number overflow") != std::string::npos);
  CHECK(refusal("-1e999") != "accepted");
  CHECK(Json::parse("18446744073709551615")->text() == "18446744073709551615");
  CHECK(Json::parse("-9223372036854775808")->text() == "-9223372036854775808");
  CHECK(Json::parse("1e-999")->value() == 0.0);
}

TEST_CASE("text is UTF-8 and nothing less") {
  for (const char* wrong : {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
                            "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "\"a\nb\"", "\"\x01\""})
    CHECK(refusal(wrong) != "accepted");
  CHECK(where("{\"a\":\n\"b\xff\"}") == "2:3");
  for (const char* wrong :
       {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\ud800")", R"("\u12")", R"("\x")"})
    CHECK_MESSAGE(refusal(wrong) != "accepted", wrong);
  CHECK(Json::parse(R"("\ud83d\ude00")")->text() == "\"\xF0\x9F\x98\x80\"");
  CHECK(Json::parse(R"("\u0000")")->text() == R"("\u0000")");
}

TEST_CASE("a key may appear once in an object, however it is written") {
  CHECK(refusal(R"({"a":1,"a":2})") == "1:8 the key 'a' appears twice");
  CHECK(refusal("{\"a\":1,\n \"\\u0061\":2}") == "2:2 the key 'a' appears twice");
  CHECK(refusal(R"({"a\"":1,"a\"":2})") == "1:10 the key 'a\"' appears twice");
  CHECK(refusal(R"({"a\\":1,"a\\":2})") == "1:10 the key 'a\\' appears twice");
  CHECK(refusal(R"([{"a":{"b":1,"c":[],"b":2}}])") == "1:21 the key 'b' appears twice");
  CHECK(refusal(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})") == "accepted");
}

TEST_CASE("nesting is limited, and where it becomes too deep is said") {
  CHECK(refusal(nested(64)) == "accepted");
  CHECK(refusal(nested(65)) == "1:65 nested deeper than 64 levels");
  CHECK(refusal(nested(200'000)) == "1:65 nested deeper than 64 levels");
  CHECK(refusal("[[1]]", {.depth = 1}) == "1:2 nested deeper than 1 levels");
  CHECK(refusal(R"({"a":{"b":1}})", {.depth = 1}) == "1:6 nested deeper than 1 levels");
  CHECK(refusal("[[1],[2],[3]]", {.depth = 2}) == "accepted");
}

TEST_CASE("text is limited in size") {
  CHECK(refusal("[1,2]", {.size = 4}) == "1:1 larger than 4 bytes");
  CHECK(refusal("[1,2]", {.size = 5}) == "accepted");
}

TEST_CASE("a byte order mark is passed over, as RFC 8259 allows") {
  CHECK(Json::parse("\xEF\xBB\xBF{}")->text() == "{}");
  CHECK(refusal("\xEF\xBB{}") != "accepted");
}

std::string as_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST_CASE("a string is escaped where JSON needs it and nowhere else") {
  CHECK(as_json("") == "\"\"");
  CHECK(as_json("plain é 😀 /") == "\"plain é 😀 /\"");
  CHECK(as_json("a\"b\\c") == R"("a\"b\\c")");
  CHECK(as_json("\n\t\r\b\f") == R"("\n\t\r\b\f")");
  CHECK(as_json(std::string_view("\0\x1f", 2)) == R"("\u0000\u001f")");
  CHECK(as_json("\x7f") == "\"\x7f\"");
}

TEST_CASE("a tree is printed as its library prints it") {
  const nlohmann::json tree{
      {"text", "a\"\\/\b\f\n\r\t\x01\x1f\x7f é 😀"},
      {"", nullptr},
      {"numbers",
       {0, -1, 1.0, 0.1, 1e300, -0.0, 9007199254740993, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::uint64_t>::max()}},
      {"empty", {nlohmann::json::array(), nlohmann::json::object(), ""}},
      {"deep", {{{{{"x", {true, false}}}}}}}};
  CHECK(Json(tree).text() == tree.dump());
  for (const auto& part : tree) CHECK(Json(part).text() == part.dump());
  CHECK_THROWS_AS(Json(nlohmann::json{{"bad", "\xff"}}), nlohmann::json::type_error);
}

TEST_CASE("what is not UTF-8 in a string becomes the replacement character") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(as_json("a\xff"
                "b") == "\"a" + mark + "b\"");
  CHECK(as_json("\xc3") == "\"" + mark + "\"");
  CHECK(as_json("\xe2\x82x") == "\"" + mark + mark + "x\"");
  CHECK(as_json("\xc0\xaf") == "\"" + mark + mark + "\"");
  CHECK(as_json("\xed\xa0\x80") == "\"" + mark + mark + mark + "\"");
  CHECK(as_json("\xf4\x90\x80\x80") == "\"" + mark + mark + mark + mark + "\"");
}

TEST_CASE("every single byte and every pair of bytes makes a string that can be read back") {
  for (int first = 0; first < 256; ++first)
    for (int second = -1; second < 256; ++second) {
      std::string text(1, static_cast<char>(first));
      if (second >= 0) text += static_cast<char>(second);
      if (!nlohmann::json::accept(as_json(text))) FAIL_CHECK(first, " ", second);
    }
}

}  // namespace

}  // namespace skald::test
