#include <doctest/doctest.h>

#include "engine/core/input.hpp"

namespace skald::test {

namespace {

/// One field of each type.
Definition every_type(bool closed = true) {
  Definition definition;
  const std::vector<Field> fields = {
      {.name = "text", .type = Field::Type::text, .minimum = 2},
      {.name = "integer", .type = Field::Type::integer, .minimum = 1},
      {.name = "number", .type = Field::Type::number, .minimum = 0},
      {.name = "boolean", .type = Field::Type::boolean},
      {.name = "object",
       .type = Field::Type::object,
       .fields = {{.name = "a/b~c", .type = Field::Type::text}}},
      {.name = "list",
       .type = Field::Type::array,
       .minimum = 1,
       .fields = {{.name = "sku", .type = Field::Type::text, .minimum = 1},
                  {.name = "tags", .type = Field::Type::array, .required = false}}},
      {.name = "free", .type = Field::Type::object, .required = false},
  };
  definition.input = schema_of(fields, closed);
  definition.business_key = input_field("text");
  return definition;
}

/// "where CODE: why" for each finding.
std::vector<std::string> findings(std::string_view input, bool closed = true) {
  const Definition definition = every_type(closed);
  std::vector<std::string> lines;
  for (const auto& f : check_input(definition, *Json::parse(input), "/input"))
    lines.push_back(f.where + " " + f.code + ": " + f.why);
  return lines;
}

/// A good input with `field` (a JSON member) in place of the one of the same name.
std::string with(std::string_view name, std::string_view value) {
  const std::vector<std::pair<std::string_view, std::string_view>> good{
      {"text", R"("ab")"},
      {"integer", "1"},
      {"number", "0.5"},
      {"boolean", "false"},
      {"object", R"({"a/b~c":"x"})"},
      {"list", R"([{"sku":"s"}])"}};
  std::string out;
  for (const auto& [each, its] : good)
    out += (out.empty() ? "{\"" : ",\"") + std::string(each) +
           "\":" + std::string(each == name ? value : its);
  return out + "}";
}

using Lines = std::vector<std::string>;

TEST_CASE("an input that fits is acceptable") {
  CHECK(findings(with("", "")).empty());
  CHECK(findings(with("integer", "9223372036854775807")).empty());
  CHECK(findings(with("number", "3")).empty());
  CHECK(findings(with("list", R"([{"sku":"s","tags":[1,"x"]},{"sku":"t"}])")).empty());
}

TEST_CASE("an input must be an object") {
  for (const char* text : {"[]", "null", "3", "\"x\"", "true"})
    CHECK(findings(text) == Lines{"/input INPUT_TYPE: must be an object"});
}

TEST_CASE("each field must have its type") {
  CHECK(findings(with("text", "3")) ==
        Lines{"/input/text INPUT_TYPE: must be a string, not number"});
  CHECK(findings(with("integer", "1.5")) ==
        Lines{"/input/integer INPUT_TYPE: must be an integer, not number"});
  CHECK(findings(with("integer", "9223372036854775808")) ==
        Lines{"/input/integer INPUT_TYPE: must be an integer, not number"});
  CHECK(findings(with("integer", "\"1\"")) ==
        Lines{"/input/integer INPUT_TYPE: must be an integer, not string"});
  CHECK(findings(with("number", "true")) ==
        Lines{"/input/number INPUT_TYPE: must be a number, not boolean"});
  CHECK(findings(with("boolean", "0")) ==
        Lines{"/input/boolean INPUT_TYPE: must be true or false, not number"});
  CHECK(findings(with("object", "[]")) ==
        Lines{"/input/object INPUT_TYPE: must be an object, not array"});
  CHECK(findings(with("list", "{}")) ==
        Lines{"/input/list INPUT_TYPE: must be an array, not object"});
  CHECK(findings(with("text", "null")) ==
        Lines{"/input/text INPUT_TYPE: must be a string, not null"});
}

TEST_CASE("values below the least are refused") {
  CHECK(findings(with("text", "\"a\"")) ==
        Lines{"/input/text INPUT_TOO_SMALL: must be at least 2 bytes long"});
  CHECK(findings(with("integer", "0")) ==
        Lines{"/input/integer INPUT_TOO_SMALL: must be at least 1"});
  CHECK(findings(with("integer", "-9223372036854775808")) ==
        Lines{"/input/integer INPUT_TOO_SMALL: must be at least 1"});
  CHECK(findings(with("number", "-0.5")) ==
        Lines{"/input/number INPUT_TOO_SMALL: must be at least 0"});
  CHECK(findings(with("number", "18446744073709551615")).empty());
  CHECK(findings(with("list", "[]")) ==
        Lines{"/input/list INPUT_TOO_SMALL: must have at least 1 elements"});
}

TEST_CASE("what is wrong inside objects and lists is named by its pointer") {
  CHECK(findings(with("object", "{}")) ==
        Lines{"/input/object/a~1b~0c INPUT_MISSING: is missing; it must be a string"});
  CHECK(findings(with("list", R"([{"sku":"s"},{"sku":""},7,{}])")) ==
        Lines{"/input/list/1/sku INPUT_TOO_SMALL: must be at least 1 bytes long",
              "/input/list/2 INPUT_TYPE: must be an object",
              "/input/list/3/sku INPUT_MISSING: is missing; it must be a string"});
}

TEST_CASE("fields nobody declared are refused, unless the input is open") {
  const std::string input = with("list", R"([{"sku":"s","x/y":1}])");
  CHECK(findings(input) ==
        Lines{"/input/list/0/x~1y INPUT_UNKNOWN: is not a field of this input; it has: sku, tags"});
  CHECK(findings(input, false).empty());
}

TEST_CASE("an object without declared fields takes any") {
  std::string input = with("", "");
  input.insert(input.size() - 1, R"(,"free":{"anything":1})");
  CHECK(findings(input).empty());
}

TEST_CASE("everything that is wrong is said at once") {
  const auto all = findings(R"({"integer":0,"who":1})");
  CHECK(all.size() == 7);
}

TEST_CASE("the business key is the declared text field of the input") {
  Definition definition = every_type();
  CHECK(business_key_of(definition, *Json::parse(R"({"text":"me"})")) == "me");
  CHECK(business_key_of(definition, *Json::parse(R"({"text":3})")) == "3");
  CHECK(business_key_of(definition, *Json::parse(R"({"text":{"a":1}})")) == "");
  CHECK(business_key_of(definition, *Json::parse("{}")) == "");
  CHECK(business_key_of(definition, *Json::parse("[]")) == "");
  definition.business_key = {};
  CHECK(business_key_of(definition, *Json::parse(R"({"":"me"})")) == "");
}

}  // namespace

}  // namespace skald::test
