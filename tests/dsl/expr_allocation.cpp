#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/dsl/expr_saga.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size) {
  ++allocations;
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): the global operators have nothing below them.
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void released(void* memory) noexcept {
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc)
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { released(memory); }
void operator delete(void* memory, std::size_t) noexcept { released(memory); }
void operator delete[](void* memory) noexcept { released(memory); }
void operator delete[](void* memory, std::size_t) noexcept { released(memory); }

namespace skald::test {

namespace {

std::size_t allocations_of(const ExprSaga& saga, std::string_view text) {
  const auto expression = expr::Expression::compile(text, saga.environment);
  REQUIRE(expression.ok());
  const auto view = saga.view();
  const auto event = saga.event_view();
  REQUIRE(expression->holds(view, event).ok());  // the first use parses what was stored
  const auto before = allocations.load();
  const auto holds = expression->holds(view, event);
  const auto after = allocations.load();
  CHECK_MESSAGE((holds.ok() && *holds), text);
  return after - before;
}

TEST_CASE("a condition allocates nothing") {
  const ExprSaga saga;
  for (const char* text :
       {"input.amount > 1000 && input.tier == \"gold\"",
        "input.customer['e-mail'].endsWith('.org')", "input.?missing.deeper.orValue(1) == 1",
        "coalesce(input.note, input.tier) == 'gold'",
        "has(steps.debit.output.id) && steps.debit.ran", "event.paid && error.code == 'closed'",
        "decimal(input.price) * 3 > decimal('36.00')", "saga.now > timestamp(input.when)",
        "input.items.all(i, i.quantity > 0 && decimal(i.price) < 10)",
        "sum(input.items.map(i, decimal(i.price) * i.quantity)) == decimal('19.99')",
        "input.tier in ['gold', 'silver'] && 'tier' in input", "size(input.items) == 2",
        "input.tier + '-' + input.tags.join('-') == 'gold-a-b'",
        "saga.id == 'saga-1' && saga.version == 3 && item.sku == 's9' && index == 2"})
    CHECK_MESSAGE(allocations_of(saga, text) == 0, text);
}

TEST_CASE("what does allocate is counted") {
  const ExprSaga saga;
  CHECK(allocations_of(saga, "input.tier.split('').size() == 4") > 0);
}

}  // namespace

}  // namespace skald::test
