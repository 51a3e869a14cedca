#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"
#include "engine/model/time.hpp"

namespace skald::document {

using Words = std::span<const std::string_view>;

/// Reads the fields of one object. What is no object, has a key it should not have, or a field that
/// is not what it must be, is reported, and reading goes on as if it was not there.
class Fields {
 public:
  /// `what` names the object in messages, e.g. "a transition".
  Fields(const Node& node, std::string_view what, Words keys, Report& report);

  /// The value under `key`, whatever it is; null when there is none.
  [[nodiscard]] const Node* find(std::string_view key) const { return node_.find(key); }
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  /// Like find(); reports when there is none, because of `why`.
  const Node* require(std::string_view key, std::string_view why);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::uint32_t> whole(std::string_view key, std::uint32_t least, std::uint32_t most);
  std::optional<double> number(std::string_view key, double least, double most);
  std::optional<Duration> duration(std::string_view key, Duration least);
  std::optional<bool> flag(std::string_view key);
  /// The place of the text in `words`.
  std::optional<std::size_t> word(std::string_view key, Words words);
  const Node::List* list(std::string_view key);
  const Node* object(std::string_view key);

  [[nodiscard]] const Node& node() const { return node_; }
  [[nodiscard]] Report& report() { return report_; }

 private:
  void not_a(std::string_view key, const Node& found, const std::string& wanted);

  const Node& node_;
  std::string what_;
  Report& report_;
};

/// The text that `node` is; reports, as `what`, when it is none or empty.
[[nodiscard]] const std::string* text_of(const Node& node, std::string_view what, Report& report);

/// The span that `node` writes, at least `least`; else reports.
[[nodiscard]] std::optional<Duration> duration_of(const Node& node, std::string_view what,
                                                  Duration least, Report& report);

/// Whether `name` may name a definition, step, state, event, signal, policy or outcome: 1 to 128
/// letters, digits, '.', '_', '-' or ':', not beginning with a mark. Reports at `place` otherwise.
bool check_name(std::string_view name, std::string_view what, const Place& place, Report& report);

}  // namespace skald::document
