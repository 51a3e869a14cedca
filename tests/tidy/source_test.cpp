// How a C++ text is taken apart: rules that mistook a literal for code would be worse than none.
#include "tests/tidy/expectation.hpp"
#include "tests/tidy/functions.hpp"

using namespace skald::tidy;

namespace {

std::string code_of(const std::string& text) { return Source({"x.cpp", text}).code(); }

std::vector<std::size_t> function_lengths(const std::string& text) {
  std::vector<std::size_t> lengths;
  for (const auto& function : find_functions(Source({"x.cpp", text})).all)
    lengths.push_back(function.lines());
  return lengths;
}

}  // namespace

TEST_CASE("comments are no code") {
  CHECK(code_of("a // new b\nc") == "a         \nc");
  CHECK(code_of("a /* x\ny */ b") == "a     \n     b");
  CHECK(code_of("a /*/ b */ c") == "a          c");
}

TEST_CASE("literals are no code, whatever quotes and escapes they hold") {
  CHECK(code_of(R"(f("a\"b", 'c', '"');)") == R"(f("    ", ' ', ' ');)");
  CHECK(code_of("f(R\"x(a \" )\" b)x\", c)") == "f(R\"            \", c)");
  CHECK(code_of("u8R\"(\n)\" d") == "u8R\" \n \" d");
  CHECK(code_of("\"no // comment\" e") == "\"             \" e");
}

TEST_CASE("a digit separator is no quote") {
  CHECK(code_of("1'000'000 + x; 'a'") == "1'000'000 + x; ' '");
  CHECK(code_of("0xFF'FF; L'b'") == "0xFF'FF; L' '");
}

TEST_CASE("comments can be kept while literals are blanked") {
  CHECK(Source({"x.cpp", "\"a\" // b"}).code_and_comments() == "\" \" // b");
}

TEST_CASE("includes are found where they are directives") {
  const Source source({"x.cpp",
                       "#include <a/b.hpp>\n  # include \"c.hpp\"\n// #include <d>\n"
                       "auto t = R\"(\n#include <e>\n)\";\n"});
  REQUIRE(source.includes().size() == 2);
  CHECK(source.includes()[0].target == "a/b.hpp");
  CHECK_FALSE(source.includes()[0].quoted);
  CHECK(source.includes()[1].line == 2);
  CHECK(source.includes()[1].quoted);
}

TEST_CASE("words are found whole") {
  CHECK(find_word("renew newer new", "new") == 12);
  CHECK(find_word("snprintf(x)", "printf(") == std::string_view::npos);
  CHECK(find_word("std::printf(x)", "printf(") == 5);
}

TEST_CASE("functions are measured from declaration to closing brace") {
  CHECK(function_lengths("int f() {\n  return 1;\n}\n") == std::vector<std::size_t>{3});
  CHECK(function_lengths("template <class T>\nvoid f(T t)\n{\n}\nvoid g() {}\n") ==
        std::vector<std::size_t>{4, 1});
  CHECK(function_lengths("const auto f = [](int a) {\n};\n") == std::vector<std::size_t>{2});
  CHECK(function_lengths("void f(A a = {}) {\n}\n") == std::vector<std::size_t>{2});
}

TEST_CASE("members are measured, their class and namespace are not") {
  CHECK(function_lengths("namespace a {\nclass [[nodiscard]] B : public C {\n public:\n"
                         "  B() : x_{1}, y_(2) {\n  }\n private:\n  int x_{0};\n};\n}\n") ==
        std::vector<std::size_t>{2});
  CHECK(
      function_lengths("template <class T>\nstruct A {\n  void f() const noexcept {\n  }\n};\n") ==
      std::vector<std::size_t>{2});
  CHECK(function_lengths("struct A {\n  A() noexcept : a_{1} {\n\n  }\n};\n") ==
        std::vector<std::size_t>{3});
}

TEST_CASE("tables of data are no functions") {
  CHECK(function_lengths("const T t[] = {\n  {f(1)},\n};\n").empty());
  CHECK(function_lengths("enum class E : int {\n  a,\n};\nconst V v{\n1,\n2};\n").empty());
}

TEST_CASE("braces in literals, comments and directives do not count") {
  CHECK(function_lengths("void f() {\n  g(\"{\", '{'); // {\n}\n") == std::vector<std::size_t>{3});
  CHECK(function_lengths("#define M(x) { \\\n  {x\nvoid f() {\n}\n") ==
        std::vector<std::size_t>{2});
}

TEST_CASE("braces that cannot be followed are told") {
  CHECK(find_functions(Source({"x.cpp", "void f() {\n"})).unbalanced_line == 1);
  CHECK(find_functions(Source({"x.cpp", "namespace a {\nint b;\n"})).unbalanced_line == 3);
  CHECK(find_functions(Source({"x.cpp", "int b;\n}\n"})).unbalanced_line == 2);
  CHECK(find_functions(Source({"x.cpp", "void f() {}\n"})).unbalanced_line == 0);
}
