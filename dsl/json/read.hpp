#pragma once

#include <optional>
#include <string_view>

#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"

namespace skald::document {

/// Reads JSON (RFC 8259) in which // and /* */ comments and trailing commas may stand. None when
/// the text cannot be read on; `report` says where and why. Duplicate keys are reported, too.
[[nodiscard]] std::optional<Tree> read_json(std::string_view text, const Limits& limits,
                                            Report& report);

/// Reads one YAML 1.2 document of the JSON schema of values: no anchors, aliases, tags or keys that
/// are no text. Otherwise like read_json.
[[nodiscard]] std::optional<Tree> read_yaml(std::string_view text, const Limits& limits,
                                            Report& report);

/// What both refuse before they read: too large, or not UTF-8. True: it may be read.
[[nodiscard]] bool acceptable_text(std::string_view text, const Limits& limits, Report& report);

/// A number as both languages write it, e.g. "-12.5e3"; 1.0 becomes the integer 1, so that a
/// document and its canonical form say the same. None when it is out of range or no number.
[[nodiscard]] std::optional<Node::Value> read_number(std::string_view text);

}  // namespace skald::document
