#pragma once

#include <nlohmann/json_fwd.hpp>

#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"
#include "engine/model/value.hpp"

/// JSON Schemas in documents: draft 7, or what 2020-12 has in common with it. The engine behind it
/// (valijson) stays in json_schema.cpp.
namespace skald::document {

/// The schema that `node` writes. What it cannot be is reported: remote references, references that
/// never end, regular expressions that RE2 does not take, and keywords that would mean nothing.
[[nodiscard]] Schema json_schema(const Node& node, Report& report);

/// The same for the input of a saga, which is an object.
[[nodiscard]] Schema input_schema(const Node& node, Report& report);

/// Reports what is wrong with `schema`, and gives it with "pattern" and "format" under names of our
/// own, because how the engine checks them costs time and stack without bound.
[[nodiscard]] nlohmann::json checked_schema(const Node& schema, Report& report);
inline constexpr const char* pattern_key = "x-skald-pattern";
inline constexpr const char* format_key = "x-skald-format";

}  // namespace skald::document
