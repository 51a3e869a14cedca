#include <doctest/doctest.h>

#include "http/server/uri.hpp"

using namespace skald::http;

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("a query string is split and decoded in its order") {
  CHECK(*parse_query("") == Pairs{});
  CHECK(*parse_query("a=1&b=&c&a=2") == Pairs{{"a", "1"}, {"b", ""}, {"c", ""}, {"a", "2"}});
  CHECK(*parse_query("&&a=1&") == Pairs{{"a", "1"}});
  CHECK(*parse_query("a+b=c%20d%2B&%C3%A4=%26%3D") == Pairs{{"a b", "c d+"}, {"\xc3\xa4", "&="}});
  CHECK(*parse_query("a=b=c?d/e") == Pairs{{"a", "b=c?d/e"}});
  CHECK(*parse_query("=x") == Pairs{{"", "x"}});
}

TEST_CASE("a query string that cannot be decoded is refused with every place") {
  const auto refused = parse_query("ok=1&a=%&%GG=2&b=%ff&c=%4");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == skald::ErrorCode::invalid_argument);
  REQUIRE(refused.error().findings.size() == 4);
  CHECK(refused.error().findings[0].where == "a");
  CHECK(refused.error().findings[1].where == "parameter 3");
  CHECK(refused.error().findings[2].where == "b");
  CHECK(refused.error().findings[3].code == "QUERY_ENCODING");
}

TEST_CASE("UTF-8 is recognised as RFC 3629 defines it") {
  for (const auto* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(is_utf8(good));
  }
  for (const auto* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2z", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe1\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}
