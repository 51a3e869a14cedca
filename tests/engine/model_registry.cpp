#include <doctest/doctest.h>

#include "engine/model/effect.hpp"
#include "engine/model/registry.hpp"

namespace skald::test {

namespace {

Definition named(std::string name, std::uint32_t version) {
  Definition definition;
  definition.ref = {std::move(name), version};
  return definition;
}

TEST_CASE("a registry finds a version, or the newest when none is named") {
  Registry registry;
  for (const std::uint32_t version : {2u, 10u, 1u})
    CHECK(registry.add(named("order", version)).ok());
  CHECK(registry.add(named("orders", 99)).ok());
  CHECK(registry.find("order", 2)->ref.version == 2);
  CHECK(registry.find("order")->ref.version == 10);
  CHECK(registry.find("order", 3) == nullptr);
  CHECK(registry.find("orde") == nullptr);
  CHECK(Registry{}.find("order") == nullptr);
}

TEST_CASE("a registry refuses a name and version it has, and keeps the first") {
  Registry registry;
  auto first = named("order", 1);
  first.description = "first";
  CHECK(registry.add(first).ok());
  const auto again = registry.add(named("order", 1));
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().message == "order version 1 is registered already.");
  CHECK(again.error().hint == "Raise the version when a definition changes.");
  CHECK(registry.find("order")->description == "first");
  CHECK(registry.all().size() == 1);
}

TEST_CASE("a registry lists by name and version") {
  Registry registry;
  CHECK(registry.add(named("b", 1)).ok());
  CHECK(registry.add(named("a", 2)).ok());
  CHECK(registry.add(named("a", 1)).ok());
  std::vector<DefinitionRef> refs;
  for (const auto& definition : registry.all()) refs.push_back(definition->ref);
  CHECK(refs == std::vector<DefinitionRef>{{"a", 1}, {"a", 2}, {"b", 1}});
}

TEST_CASE("an idempotency key names saga, step, run and phase, and not the attempt") {
  Definition definition;
  definition.steps.push_back({.id = "debit"});
  const SagaId saga{"s-1"};
  const auto key = [&](const Call& call) { return idempotency_key(definition, saga, call); };
  CHECK(key({.attempt = 1}) == "s-1/debit/forward");
  CHECK(key({.attempt = 7}) == "s-1/debit/forward");
  CHECK(key({.phase = Phase::undo}) == "s-1/debit/undo");
  CHECK(key({.run = 2}) == "s-1/debit#2/forward");
  CHECK(key({.run = 12, .phase = Phase::undo}) == "s-1/debit#12/undo");
}

}  // namespace

}  // namespace skald::test
