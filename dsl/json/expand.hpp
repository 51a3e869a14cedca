#pragma once

#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"

namespace skald::document {

/// Whether `document` is of the short form: `steps` is a list.
[[nodiscard]] bool is_short(const Node& document);

/// The full form of a short one. States are named after the ids of their steps; "completed" and
/// "failed" are the ends. Everything in it stands where the step stands that it was made from, so
/// that what is found later names the place in the short form. Says what is wrong with the list of
/// steps; what is inside a step is for whoever reads the full form.
[[nodiscard]] Node expand(const Node& document, Report& report);

}  // namespace skald::document
