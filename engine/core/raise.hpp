#pragma once

#include "engine/core/apply.hpp"

namespace skald {

/// Raises an event in a saga that is run by itself, without a shell: all regions get it, as if an
/// action had raised it. Pure, like apply(). Nothing happens in a saga that has ended.
///
/// For tables that are used as plain state machines (sml::sm). A durable saga gets its events
/// from replies and declared signals, which are checked and keep or refuse what comes early.
[[nodiscard]] Decision raise(const Definition& definition, Instance instance, EventIndex event,
                             Json payload, Timestamp now);

}  // namespace skald
