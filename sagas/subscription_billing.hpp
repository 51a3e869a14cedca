#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Bills a subscription period by period, for as long as it lasts: opens the access, lets the trial
/// pass, and charges each period by a saga of its own, subscription_charge(). The first charge is
/// the pivot: until it is paid everything can be undone, after it no period is ever paid back. A
/// period that is not paid is tried again every three days, or when the customer says so; after
/// three times the access is closed.
///
/// Input: {"subscription", "customer", "plan": text, "amount": integer ≥ 1 (cents), "period":
/// duration ("30d"), "periods": optional integer ≥ 1, for ever when left out, "trial": optional
/// duration, 14 days when left out}. Signals, found by their
/// subscription: subscription_cancelled, which ends it with the period that is paid;
/// payment_updated. Participants: "access", "notifications", and those of the charge.
[[nodiscard]] Result<Definition> subscription_billing();

/// Charges one period and sends the receipt. A payment nobody answers for is tried again for nearly
/// an hour, and then taken back if there was one.
///
/// Input: {"subscription", "customer": text, "amount", "period": integer ≥ 1}.
/// Participants: "payments", "notifications".
[[nodiscard]] Result<Definition> subscription_charge();

}  // namespace skald::sagas
