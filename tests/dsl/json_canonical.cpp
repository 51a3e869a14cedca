#include <nlohmann/json.hpp>

#include "dsl/json/canonical.hpp"
#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
using document::canonical_text;
using nlohmann::json;

TEST_CASE("the canonical text is that of RFC 8785 §3.2.2") {
  const json value = json::parse(R"({
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false] })");
  CHECK(canonical_text(value) ==
        R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
        "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST_CASE("keys are sorted as RFC 8785 §3.2.3 sorts them") {
  const json value =
      json::parse(R"({"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Smile",)"
                  R"("\u0080":"Control","\u00f6":"O"})");
  CHECK(canonical_text(value) ==
        "{\"\\r\":\"CR\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"O\","
        "\"€\":\"Euro\",\"😀\":\"Smile\",\"\ufb33\":\"Dalet\"}");
}

TEST_CASE("numbers are printed as ECMAScript prints them (RFC 8785, appendix B)") {
  const std::vector<std::pair<double, std::string>> cases{
      {0.0, "0"},         {-0.0, "0"},
      {5e-324, "5e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"},
      {1e21, "1e+21"},    {1e20, "100000000000000000000"},
      {1e-6, "0.000001"}, {1e-7, "1e-7"},
      {-1.5, "-1.5"},     {123456.789, "123456.789"},
      {1e23, "1e+23"},    {333333333.33333325, "333333333.33333325"},
      {12.0, "12"},       {9007199254740994.0, "9007199254740994"}};
  for (const auto& [number, text] : cases) CHECK(canonical_text(json(number)) == text);
  CHECK(canonical_text(json(UINT64_MAX)) == "18446744073709551615");
}

TEST_CASE("the hash is SHA-256 in hexadecimal (FIPS 180-4)") {
  CHECK(document::sha256("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("layout, order of keys and comments do not change the hash, meaning does") {
  const std::string one = with_steps(call("a"));
  const std::string same =
      R"({ "version": 1.0, /* … */ "steps": [ )" + call("a") + R"(, ], "saga": "s" })";
  CHECK(loaded(one).hash == loaded(same).hash);
  CHECK(loaded(one).hash == document::sha256(loaded(one).document.text()));
  CHECK(loaded(one).hash != loaded(with_steps(call("b"))).hash);
  CHECK(loaded(one).document.text().starts_with(R"({"saga":"s","steps":[)"));
}
