#include <nlohmann/json.hpp>

#include "tests/dsl/sml_table.hpp"

/// What a saga's struct declares beside its rows, and the dependencies it is given.
namespace skald::test {

namespace {

using namespace skald::sml;
using nlohmann::json;
using namespace std::chrono_literals;

struct arrived {
  int at = 0;
};
void from_json(const json& from, arrived& to) { from.at("at").get_to(to.at); }
struct left {};

struct everything {
  static constexpr std::string_view name = "everything";
  static constexpr std::uint32_t version = 3;
  static constexpr std::string_view business_key = "who";
  static constexpr std::string_view description = "All of it.";
  static constexpr auto deadline = 5min;
  static constexpr auto on_deadline = OnDeadline::alert;
  static constexpr auto unwind_order = UnwindOrder::parallel;
  static constexpr auto on_undo_failure = OnUndoFailure::continue_with;
  static auto input() { return fields(text("who"), text("where")); }
  static auto locks() {
    return values("who", [](const SagaView& saga) {
      return "at " + saga.input().at("where").get<std::string>();
    });
  }
  static std::map<std::string, Value> tags() { return {{"place", value("where")}}; }
  static auto signals() {
    return accepts(signal<arrived>.key("who").refuse(), signal<left>.called("gone").ignore());
  }
  static auto migrations() {
    return migrate(migration(1).state("Old", "A"),
                   migration(2).data([](const SagaView&) { return json::object(); }));
  }
  static json output(const SagaView& saga) { return {{"id", saga.data().at("at")}}; }

  auto operator()() const {
    const auto note = [](const arrived& event, json& data) { data["at"] = event.at; };
    return make_transition_table(*"A"_s + event<arrived> / note = "B"_s, "B"_s + event<left> = X);
  }
};

TEST_CASE("a struct declares everything a saga has beside its rows") {
  const auto definition = accepted(define<everything>());
  CHECK(definition.ref == DefinitionRef{"everything", 3});
  CHECK(definition.description == "All of it.");
  CHECK(definition.deadline == 5min);
  CHECK(definition.on_deadline == OnDeadline::alert);
  CHECK(definition.unwind_order == UnwindOrder::parallel);
  CHECK(definition.on_undo_failure == OnUndoFailure::continue_with);
  CHECK(definition.tags.contains("place"));
  REQUIRE(definition.migrations.size() == 2);
  CHECK(definition.migrations[0].from == 1);
  CHECK(definition.migrations[0].states.at("Old") == "A");
  CHECK(migration(1).step("old", "new").spec().steps.at("old") == "new");
  CHECK(definition.migrations[1].data);
}

TEST_CASE("locks, correlation keys and the output are made of the saga") {
  Driver driver(accepted(define<everything>()), {}, R"({"who":"ada","where":"home"})");
  driver.start();
  CHECK(driver.saga.locks == Names{"ada", "at home"});
  CHECK_FALSE(driver.saga.locked);
  driver.send(Locked{});
  CHECK(driver.saga.correlations.at("arrived") == "ada");
  driver.send(Receive{"arrived", *Json::parse(R"({"at":7})")});
  driver.send(Receive{"gone", {}});
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.output.text() == R"({"id":7})");
}

TEST_CASE("a signal's payload must be what its type's from_json takes") {
  Driver driver(accepted(define<everything>()), {}, R"({"who":"ada","where":"home"})");
  driver.start();
  driver.send(Locked{});
  const auto decision = driver.send(Receive{"arrived", *Json::parse(R"({"when":7})")});
  REQUIRE(decision.refusal);
  REQUIRE(decision.refusal->findings.size() == 1);
  CHECK(decision.refusal->findings[0].where == "/payload");
  CHECK(decision.refusal->findings[0].code == "PAYLOAD");
}

TEST_CASE("a signal nothing waits for is kept, refused or dropped, as declared") {
  Driver driver(accepted(define<everything>()), {}, R"({"who":"ada","where":"home"})");
  driver.start();
  driver.send(Locked{});
  driver.send(Receive{"gone", {}});
  CHECK(driver.saga.kept.empty());
  driver.send(Receive{"arrived", *Json::parse(R"({"at":7})")});
  CHECK(driver.send(Receive{"arrived", *Json::parse(R"({"at":8})")}).refusal);
}

struct deaf {
  static constexpr std::string_view name = "deaf";
  static auto signals() { return accepts(signal<arrived>); }
  auto operator()() const {
    return make_transition_table(*"A"_s + event<arrived> = "B"_s, "B"_s + event<left> = X);
  }
};

TEST_CASE("with signals() a row for an event that nobody sends is refused") {
  CHECK(findings_in(define<deaf>()) == "row 2 SIGNAL");
}

struct bank {
  int money = 100;
};
struct rate {
  int percent = 10;
};

struct with_dependencies {
  static constexpr std::string_view name = "bank";
  auto operator()() const {
    const auto rich = [](const bank& b) { return b.money > 50; };
    const auto pay = [](bank& b, const rate& r, const arrived& event) {
      b.money -= event.at * r.percent / 10;
    };
    return make_transition_table(*"A"_s + event<arrived>[rich] / pay, "A"_s + event<arrived> = X);
  }
};

int run_bank(const Definition& definition) {
  Driver driver(definition);
  driver.start();
  int runs = 0;
  for (; driver.saga.status == Status::running; ++runs)
    driver.send(Receive{"arrived", *Json::parse(R"({"at":30})")});
  return runs;
}

TEST_CASE("dependencies are given by reference, by value or shared, in any order") {
  bank by_reference;
  CHECK(run_bank(accepted(define<with_dependencies>(by_reference, rate{}))) == 3);
  CHECK(by_reference.money == 40);
  const auto shared = std::make_shared<bank>();
  const rate constant{20};
  CHECK(run_bank(accepted(define<with_dependencies>(constant, shared))) == 2);
  CHECK(shared->money == 40);
}

TEST_CASE("what is moved in lives as long as the last copy of the definition") {
  auto shared = std::make_shared<bank>();
  const std::weak_ptr<bank> watch = shared;
  {
    const auto definition = accepted(define<with_dependencies>(std::move(shared), rate{}));
    shared.reset();
    CHECK_FALSE(watch.expired());
    const Definition copy = definition;
    CHECK(run_bank(copy) == 3);
  }
  CHECK(watch.expired());
}

struct counting {
  static constexpr std::string_view name = "counting";
  explicit counting(int from) : seen(from) {}
  bool more(const arrived& event) const { return seen < event.at; }
  void count() { ++seen; }
  auto operator()() {
    return make_transition_table(
        *"A"_s + event<arrived>[&counting::more] / &counting::count,
        "A"_s + event<arrived> / [this] { seen = -1; } = X);
  }
  int seen;
};

TEST_CASE("the struct itself can be given, and its member functions be guards and actions") {
  counting table(28);
  CHECK(run_bank(accepted(define<counting>(table))) == 3);
  CHECK(table.seen == -1);
}

}  // namespace

}  // namespace skald::test
