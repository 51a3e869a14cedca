#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "examples/services/service/call.hpp"

namespace skald::services::journal {

/// What was seen of one guarded call, and what came of it.
struct Entry {
  std::int64_t at_us = 0;  ///< wall clock, so that the journals of several services can be merged
  std::string saga;
  std::string step;
  std::string phase;
  std::int64_t attempt = 1;
  std::string key;
  std::string operation;   ///< e.g. "POST /debits"
  std::string decision{};  ///< of the barrier, or "error" when a knob struck before it
  int status = 0;          ///< of the answer that was decided, before a knob spoilt it
  bool effect = false;     ///< whether this very call changed what the service keeps
  std::string reply{};     ///< "sent", or "lost" or "error" where a knob spoilt it
};

/// Creates the table, which refuses to change or delete its rows.
void prepare(Database& db);

/// Adds an entry; in the transaction of the effect, so that neither exists without the other.
void append(Database& db, const Entry& entry);

/// How often `key` was seen until now.
[[nodiscard]] std::int64_t count(Database& db, const std::string& key);

/// GET /journal?after=&limit=: entries in the order of their commits, after number `after`.
[[nodiscard]] Answer page(Database& db, const Call& call);

}  // namespace skald::services::journal
