#include <doctest/doctest.h>

#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/dsl/printed.hpp"

/// The model sagas have exactly the states and transitions they were asked to have.
namespace skald::test {

namespace {

using Rows = std::vector<std::string>;

/// "Name" or "Outer.Name", with what entering it calls and whether it ends the saga.
Rows states_of(const Definition& definition) {
  Rows rows;
  for (const auto& state : definition.states) {
    std::string row = state.parent ? definition.at(*state.parent).name + "." : "";
    row += state.name;
    if (!state.on_entry.empty()) row += " / " + printed(definition, state.on_entry);
    if (state.final == Final::success) row += " = X";
    if (state.final == Final::failure) row += " / fail = X";
    rows.push_back(std::move(row));
  }
  return rows;
}

/// "id kind call → undo", with the places they lead to.
Rows steps_of(const Definition& definition) {
  const auto place = [](const Operation& operation) {
    const auto& target = std::get<HttpTarget>(operation.target);
    return target.method + " " + target.participant + target.path;
  };
  Rows rows;
  for (const auto& step : definition.steps)
    rows.push_back(step.id + " " + std::string(name_of(step.kind)) + ": " + place(step.call) +
                   (step.undo ? ", undo " + step.undo->name + ": " + place(*step.undo) : ""));
  return rows;
}

TEST_CASE("the money transfer has the states and transitions of its source document") {
  const auto saga = sagas::money_transfer();
  REQUIRE(saga.ok());
  CHECK(states_of(*saga) == Rows{"TransferInitiated / debit-source",
                                 "SourceAccountDebited / credit-target",
                                 "TransferFailed / fail = X", "TargetAccountCredited",
                                 "SourceAccountCreditedBack", "TransferCompleted = X"});
  CHECK(printed(*saga) ==
        Rows{"TransferInitiated + account_debited = SourceAccountDebited",
             "TransferInitiated + account_debit_failed = TransferFailed",
             "SourceAccountDebited + account_credited = TargetAccountCredited",
             "SourceAccountDebited + account_credit_failed / unwind = SourceAccountCreditedBack",
             "TargetAccountCredited = TransferCompleted",
             "SourceAccountCreditedBack = TransferFailed"});
  CHECK(steps_of(*saga) ==
        Rows{"debit-source compensatable: POST accounts/debits, undo credit-source-back: POST "
             "accounts/credits",
             "credit-target pivot: POST accounts/credits"});
  CHECK(saga->at(saga->initials.at(0)).name == "TransferInitiated");
  CHECK(saga->business_key.source.text() == R"("${input.source}")");
}

TEST_CASE("the order fulfilment has the states and transitions of its source document") {
  const auto saga = sagas::order_fulfilment();
  REQUIRE(saga.ok());
  CHECK(states_of(*saga) ==
        Rows{"Preparing", "Preparing.ReservingStock / reserve-stock", "Preparing.StockReserved = X",
             "Preparing.TakingPayment / take-payment", "Preparing.PaymentTaken = X",
             "OrderCancelled / tell-cancelled", "Shipping / create-shipment",
             "OrderShipped / tell-shipped", "OrderCompleted = X", "OrderNotFulfilled / fail = X"});
  CHECK(printed(*saga) == Rows{"ReservingStock + stock_reserved = StockReserved",
                               "TakingPayment + payment_taken = PaymentTaken",
                               "Preparing + stock_refused / unwind = OrderCancelled",
                               "Preparing + payment_refused / unwind = OrderCancelled",
                               "Preparing + join = Shipping",
                               "Shipping + shipment_refused / unwind = OrderCancelled",
                               "Shipping + shipment_created = OrderShipped",
                               "OrderShipped + customer_told = OrderCompleted",
                               "OrderShipped + customer_not_told = OrderCompleted",
                               "OrderCancelled + customer_told = OrderNotFulfilled",
                               "OrderCancelled + customer_not_told = OrderNotFulfilled"});
  CHECK(steps_of(*saga) ==
        Rows{"reserve-stock compensatable: POST inventory/reservations, undo release-stock: POST "
             "inventory/releases",
             "take-payment compensatable: POST payments/payments, undo refund-payment: POST "
             "payments/refunds",
             "create-shipment pivot: POST shipping/shipments, undo cancel-shipment: POST "
             "shipping/cancellations",
             "tell-shipped retriable: POST notifications/messages",
             "tell-cancelled retriable: POST notifications/messages"});
  CHECK(saga->deadline == std::chrono::hours{24});
  CHECK(saga->at(*saga->find_state("Preparing")).initials.size() == 2);
}

}  // namespace

}  // namespace skald::test
