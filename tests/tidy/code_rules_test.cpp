#include "tests/tidy/expectation.hpp"

using namespace skald::tidy;

namespace {

Findings calls(const std::string& path, const std::string& text) {
  return check_calls(Source({path, text}));
}

Findings header(const std::string& text) { return check_header(Source({"dsl/a.hpp", text})); }

std::string repeated(int times, const std::string& text) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("clocks are read in their places only") {
  for (const std::string call :
       {"std::chrono::system_clock::now()", "steady_clock::now()", "high_resolution_clock c",
        "time(nullptr)", "time(NULL)", "gettimeofday(&a, b)", "clock_gettime(a, &b)"}) {
    expect_one(calls("engine/core/a.cpp", "\nf(" + call + ");\n"), 2, "injected clock");
    expect_one(calls("storage/sqlite/a.cpp", "f(" + call + ");\n"), 1, "injected clock");
    for (const std::string path : {"engine/orchestrator/clock.cpp", "engine/participants/a.cpp",
                                   "http/server/a.cpp", "http/cli/a.cpp", "tests/a.cpp"})
      expect_none(calls(path, "f(" + call + ");\n"));
  }
  expect_none(calls("engine/core/a.cpp", "end_time(nullptr); // steady_clock::now()\n"));
}

TEST_CASE("randomness comes from its one place") {
  for (const std::string call : {"std::random_device d;", "int a = rand();", "srand(1);"}) {
    expect_one(calls("engine/core/a.cpp", call), 1, "random source");
    expect_none(calls("engine/orchestrator/random_source.cpp", call));
  }
  expect_none(calls("engine/core/a.cpp", "brand(1);"));
}

TEST_CASE("nothing sleeps, tests least of all") {
  for (const std::string call : {"std::this_thread::sleep_for(1s);", "sleep_until(t);",
                                 "usleep(1);", "sleep(1);", "nanosleep(&a, b);"})
    for (const std::string path : {"tests/http/a.cpp", "examples/services/a.cpp"})
      expect_one(calls(path, call), 1, "wait for the condition");
}

TEST_CASE("only the program prints") {
  for (const std::string call : {"std::cout << 1;", "std::printf(\"a\");", "printf(\"a\");"}) {
    expect_one(calls("engine/orchestrator/a.cpp", call), 1, "only the program prints");
    expect_none(calls("http/cli/a.cpp", call));
  }
  expect_none(calls("engine/model/a.cpp", "std::snprintf(a, b, \"c\");"));
}

TEST_CASE("threads are joined") {
  expect_one(calls("http/server/a.cpp", "thread.detach();"), 1, "join");
  expect_one(calls("http/server/a.cpp", "thread->detach();"), 1, "join");
}

TEST_CASE("nothing is owned by a raw pointer") {
  expect_one(calls("dsl/a.cpp", "auto* a = new A;"), 1, "raw new");
  expect_one(calls("dsl/a.cpp", "delete a;"), 1, "raw delete");
  expect_one(calls("dsl/a.cpp", "delete[] a;"), 1, "raw delete");
  expect_none(calls("dsl/a.cpp", "A(const A&) = delete;\nvoid* operator new(std::size_t);\n"));
  expect_none(calls("dsl/a.cpp", "#include <new>\nFile* f = new (place) File{};\n"));
  expect_none(calls("dsl/a.cpp", "// a new one\nf(\"new A\", http::verb::delete_, renew);\n"));
}

TEST_CASE("no exception is swallowed") {
  expect_one(calls("dsl/a.cpp", "try { f(); }\ncatch (...) {\n  // never mind\n}\n"), 2,
             "swallows");
  expect_none(calls("dsl/a.cpp", "try { f(); } catch (...) { return problem(); }\n"));
}

TEST_CASE("a header begins with #pragma once") {
  expect_one(header("#include <a>\n"), 1, "#pragma once");
  expect_one(header("\n#ifndef A\n#define A\n#pragma once\n#endif\n"), 2, "#pragma once");
  expect_none(header("#pragma once\n\n#include <a>\n"));
  expect_none(check_header(Source({"dsl/a.cpp", "#include <a>\n"})));
}

TEST_CASE("a header opens no namespace for those who include it") {
  expect_one(header("#pragma once\nusing namespace std;\n"), 2, "opens it for everyone");
  expect_one(header("#pragma once\nnamespace a {\nusing namespace b;\n}\n"), 3, "opens it");
  expect_none(header("#pragma once\nusing namespace std::chrono_literals;\n"));
  expect_none(header("#pragma once\ninline auto f() {\n  using namespace sml;\n}\n"));
}

TEST_CASE("a function has at most 70 lines, a test case 120") {
  const auto body = [](int lines) { return " {\n" + repeated(lines - 2, "  f();\n") + "}\n"; };
  const auto check = [](const std::string& text) {
    return check_functions(Source({"dsl/a.cpp", text}));
  };
  expect_none(check("void f()" + body(70)));
  expect_one(check("\nvoid f()" + body(71)), 2, "a function of 71 lines");
  expect_none(check("TEST_CASE(\"a\")" + body(120)));
  expect_one(check("TEST_CASE(\"a\")" + body(121)), 1, "a function of 121 lines");
  expect_none(check("namespace a" + body(200)));
  expect_one(check("void f() {\n"), 1, "do not balance");
}

TEST_CASE("a file has at most 500 lines") {
  expect_none(check_lengths({"dsl/a.cpp", repeated(500, "a\n")}));
  expect_one(check_lengths({"dsl/a.cpp", repeated(501, "a\n")}), 0, "501 lines");
  expect_one(check_lengths({"tests/e2e/a.py", repeated(501, "a\n")}), 0, "501 lines");
  expect_none(check_lengths({"README.md", repeated(501, "a\n")}));
}

TEST_CASE("a line has at most 100 columns, counted in characters") {
  expect_none(check_lengths({"dsl/a.cpp", repeated(100, "a") + "\n"}));
  expect_none(check_lengths({"dsl/a.cpp", "// " + repeated(97, "ä") + "\n"}));
  expect_one(check_lengths({"dsl/a.cpp", "\n" + repeated(101, "a") + "\n"}), 2, "101 columns");
  expect_none(check_lengths({"dsl/a.cpp", "// https://" + repeated(101, "a") + "\n"}));
}
