#pragma once

#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"
#include "engine/model/definition.hpp"

/// Checks of a whole document beside those of engine/core/check.hpp. Each adds what it finds.
namespace skald::document {

/// Circles that a saga runs through without a condition and without waiting for anything.
void check_circles(const Definition& definition, Report& report);

/// Waits for retries and timers that are longer than the deadline of the whole saga.
void check_times(const Definition& definition, Report& report);

/// Secrets that are written out, by the name of what they stand under. `document` is as written.
void check_secrets(const Node& document, Report& report);

/// What stands under "tests": its shape, and the names it uses.
void check_tests(const Node& document, const Definition& definition, Report& report);

}  // namespace skald::document
