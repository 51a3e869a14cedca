#include "http/api/agenda.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "tests/http/server_client.hpp"

using namespace skald::http;
using namespace skald::http::test;
using namespace std::chrono_literals;

namespace {

Agenda::Time in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

}  // namespace

TEST_CASE("tasks are done at their time, earliest first") {
  Agenda agenda;
  std::string done;
  Awaited<bool> last;
  const auto begun = std::chrono::steady_clock::now();
  agenda.at(in(30ms), [&] { last.set(true); });
  agenda.at(in(20ms), [&] { done += 'c'; });
  agenda.at(in(10ms), [&] { done += 'b'; });
  agenda.soon([&] { done += 'a'; });
  REQUIRE(last.get());
  CHECK(done == "abc");
  CHECK(std::chrono::steady_clock::now() - begun >= 30ms);
}

TEST_CASE("a cancelled task is not done, and what it held is released") {
  Agenda agenda;
  const auto held = std::make_shared<int>(0);
  const auto entry = agenda.at(in(1h), [held] { ++*held; });
  CHECK(held.use_count() == 2);
  agenda.cancel(entry);
  CHECK(held.use_count() == 1);
  agenda.cancel(entry);
  agenda.close();
  CHECK(*held == 0);
}

TEST_CASE("a task may add and cancel tasks, and one that throws ends alone") {
  Agenda agenda;
  Awaited<bool> reached;
  agenda.soon([&] {
    const auto never = agenda.at(in(1ms), [] { FAIL_CHECK("was cancelled"); });
    agenda.cancel(never);
    agenda.at(in(2ms), [&] { reached.set(true); });
    throw std::runtime_error("on purpose");
  });
  CHECK(reached.get());
}

TEST_CASE("closing does what waits at once, and later tasks where they are given") {
  Agenda agenda;
  std::string done;
  agenda.at(in(2h), [&] { done += 'b'; });
  agenda.at(in(1h), [&] { done += 'a'; });
  agenda.close();
  CHECK(done == "ab");
  const auto thread = std::this_thread::get_id();
  agenda.at(in(1h), [&] { done += thread == std::this_thread::get_id() ? 'c' : 'x'; });
  CHECK(done == "abc");
  agenda.close();
}

TEST_CASE("tasks from many threads are all done once") {
  std::atomic<int> done{0};
  {
    Agenda agenda;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int k = 0; k < 500; ++k) {
          const auto entry = agenda.at(in(k % 2 == 0 ? 0ms : 1h), [&] { ++done; });
          if (k % 2 == 1) agenda.cancel(entry);
        }
      });
    threads.clear();
  }
  CHECK(done == 1000);
}
