#include <nlohmann/json.hpp>

#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/dsl/json_loading.hpp"
#include "tests/engine/core_driver.hpp"

using namespace skald;
using namespace skald::test;
using nlohmann::json;

namespace {

Definition again(const Definition& definition) {
  document::LoadOptions options;
  options.natives = document::natives_of(definition);
  return loaded(document::full_document(definition).text(), options);
}

std::string full(const Definition& definition) {
  return document::full_document(definition).text();
}

}  // namespace

TEST_CASE("C++ tables print as documents and come back the same") {
  for (const auto& made : {sagas::money_transfer(), sagas::order_fulfilment()}) {
    REQUIRE(made.ok());
    CHECK(full(again(*made)) == full(*made));
  }
}

TEST_CASE("what is a C++ function is named, and must be registered") {
  const auto table = sagas::money_transfer();
  const json document = document::full_document(*table).value();
  CHECK(document.at("/steps/debit-source/call/body"_json_pointer) ==
        json{{"$native", "debit-source.call.body"}});
  const auto without = document::load(full(*table), document::Format::json);
  REQUIRE_FALSE(without.ok());
  for (const auto& finding : without.error().findings) CHECK(finding.code == "UNKNOWN_FUNCTION");
}

TEST_CASE("a table that came back from its document does the same") {
  const auto table = sagas::money_transfer();
  const std::string input = R"({"source":"a","target":"b","amount":5})";
  for (const auto& script : {Driver::Script{}, Driver::Script{{"credit-target", {refused()}}},
                             Driver::Script{{"debit-source", {refused()}}},
                             Driver::Script{{"debit-source", {lost(), done()}},
                                            {"credit-target", {lost(), refused()}}}}) {
    Driver one(*table, script, input), other(again(*table), script, input);
    CHECK(one.run() == other.run());
    CHECK(one.calls == other.calls);
  }
}

TEST_CASE("a document of the short form runs") {
  const Definition definition = loaded(
      with_steps(R"({"id":"a","call":{"http":"POST ${participants.p}/a"},)"
                 R"("undo":{"http":"DELETE ${participants.p}/a"}},)"
                 R"({"id":"both","parallel":[[)" +
                 call("b") + "],[" + call("c", R"("on":{"odd":{"fail":"odd"}},)") + "]]}," +
                 R"({"choice":[{"when":"${steps.b.output.n > 1}","steps":)" + call("d") + "}]}"));
  Driver plain(definition);
  plain.script = {{"b", {done(R"({"n":1})")}}};
  CHECK(plain.run() == Status::completed);
  CHECK(plain.calls == std::vector<std::string>{"a", "b", "c"});
  Driver chosen(definition, {{"b", {done(R"({"n":2})")}}});
  CHECK(chosen.run() == Status::completed);
  CHECK(chosen.calls.back() == "d");
  Driver failed(definition, {{"c", {refused("odd")}}});
  CHECK(failed.run() == Status::compensated);
  CHECK(failed.calls.back() == "undo a");
}

TEST_CASE("the full form keeps its order of regions and transitions") {
  const Definition d =
      loaded(with_steps(R"({"id":"both","parallel":[[)" + call("z") + "],[" + call("a") + "]]}"));
  const auto& both = d.at(*d.find_state("both"));
  CHECK(d.at(both.initials[0]).name == "z");
  const Definition printed = again(d);
  CHECK(printed.at(printed.at(*printed.find_state("both")).initials[0]).name == "z");
}

TEST_CASE("a full form that a list of steps can say is shortened to it") {
  const std::vector<std::string> lists{
      call("a") + "," + call("b"),
      R"({"set":{"n":1}},)" + call("a", R"("set":{"n":2},)"),
      call("a", R"("on":{"odd":[)" + call("b") + R"(],"gone":"unwind","failed":"continue"},)") +
          "," + call("c"),
      R"({"choice":[{"when":"${input.n > 1}","steps":[)" + call("a") + R"(]},{"steps":[)" +
          call("b") + "]}]}," + call("c"),
      R"({"choice":[{"when":"${input.n > 1}","steps":[)" + call("a") + R"(]}]},)" + call("c"),
      R"({"id":"p","join":"any","parallel":[[)" + call("a") + "],[" + call("b") + "]]}," +
          call("c"),
      R"({"id":"w","wait":{"for":"1s"}},{"id":"x","wait":{"until":"${input.at}"}})",
      call("a") + R"(,{"id":"w","wait":{"for":"1s"}},)" +
          R"({"choice":[{"when":"${input.n > 1}","steps":[{"goto":"a"}]}]})",
      call("a", R"("on":{"odd":{"unwind":"odd","then":[)"
                R"({"id":"t","kind":"retriable","call":{"publish":"t"}}]}},)"),
      call("a") + R"(,{"id":"look","park":"look"},)" + call("b"),
  };
  for (const auto& steps : lists) {
    CAPTURE(steps);
    const Definition short_form = loaded(with_steps(steps));
    CHECK(document::short_document(short_form)->text() == short_form.document.text());
    const Definition full_form = loaded(full(short_form));
    const auto shortened = document::short_document(full_form);
    REQUIRE_MESSAGE(shortened.ok(), (shortened.ok() ? std::string() : shortened.error().message));
    CHECK(shortened->value().at("steps").is_array());
    CHECK(full(loaded(shortened->text())) == full(short_form));
  }
}

TEST_CASE("a machine that is no list of steps says why") {
  const auto table = sagas::money_transfer();
  const auto shortened = document::short_document(*table);
  REQUIRE_FALSE(shortened.ok());
  CHECK(shortened.error().message ==
        "The definition 'money-transfer' has no short form: state 'TransferInitiated' is not named "
        "after the step it calls.");
}
