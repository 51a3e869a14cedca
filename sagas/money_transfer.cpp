#include "sagas/money_transfer.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct account_debited {};
struct account_debit_failed {};
struct account_credited {};
struct account_credit_failed {};

json debit_body(const SagaView& saga) {
  return {{"account", saga.input().at("source")}, {"amount", saga.input().at("amount")}};
}

json credit_body(const SagaView& saga) {
  return {{"account", saga.input().at("target")}, {"amount", saga.input().at("amount")}};
}

json credit_back_body(const SagaView& saga) {
  // When the reply to the debit was lost its entry has no name here; the barrier of the accounts
  // service then knows by the idempotency key whether there is anything to give back.
  const auto& debit = saga.output("debit-source");
  return {{"account", saga.input().at("source")},
          {"amount", saga.input().at("amount")},
          {"reversalOf", debit.contains("id") ? debit.at("id") : json()}};
}

const auto debit_source = operation("debit-source")
                              .post("accounts", "/debits")
                              .body(debit_body)
                              .raises<account_debited, account_debit_failed>();
const auto credit_source_back =
    operation("credit-source-back").post("accounts", "/credits").body(credit_back_body);
const auto credit_target = operation("credit-target")
                               .post("accounts", "/credits")
                               .body(credit_body)
                               .raises<account_credited, account_credit_failed>();

/// The credit is the pivot and has no undo: while its outcome is unknown money may have arrived, so
/// Skald asks again for a long time rather than take it back twice.
const RetryPolicy until_known{
    .attempts = 30, .first = 100ms, .factor = 1.6, .max = 30s, .jitter = 0.2};

struct money_transfer_table {
  static constexpr std::string_view name = "money-transfer";
  static constexpr std::string_view description =
      "Debits one account and credits another; what was debited for nothing is credited back.";
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view business_key = "source";
  static auto input() {
    return fields(text("source").at_least(1), text("target").at_least(1),
                  integer("amount").at_least(1));
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"TransferInitiated"_s     + on_entry<_> / call(debit_source).undo(credit_source_back),
        "TransferInitiated"_s     + event<account_debited>       = "SourceAccountDebited"_s,
        "TransferInitiated"_s     + event<account_debit_failed>  = "TransferFailed"_s,
        "SourceAccountDebited"_s  + on_entry<_> / call(credit_target).pivot().retry(until_known),
        "SourceAccountDebited"_s  + event<account_credited>      = "TargetAccountCredited"_s,
        "SourceAccountDebited"_s  + event<account_credit_failed>
                                  / unwind                       = "SourceAccountCreditedBack"_s,
        "TargetAccountCredited"_s                                = "TransferCompleted"_s,
        "SourceAccountCreditedBack"_s                            = "TransferFailed"_s,
        "TransferCompleted"_s                                    = X,
        "TransferFailed"_s        / fail                         = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> money_transfer() { return define<money_transfer_table>(); }

}  // namespace skald::sagas
