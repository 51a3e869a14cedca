#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "engine/model/ids.hpp"
#include "engine/model/time.hpp"

namespace skald {

struct Definition;
struct Instance;

/// Which run of a step a body is made for.
struct Focus {
  std::string_view step;
  const nlohmann::json* item = nullptr;    ///< of a step that runs for each item of a list
  std::size_t index = 0;                   ///< of the item, from 0
  const nlohmann::json* output = nullptr;  ///< of the very run that is undone
};

/// What guards, actions and body functions see of a saga. Valid only during the call it is given
/// to.
class SagaView {
 public:
  SagaView(const Definition& definition, const Instance& instance, Timestamp now,
           const Focus* focus = nullptr)
      : definition_(definition), instance_(instance), now_(now), focus_(focus) {}

  [[nodiscard]] const SagaId& id() const;
  [[nodiscard]] std::string_view business_key() const;

  /// What the saga was started with.
  [[nodiscard]] const nlohmann::json& input() const;

  /// What native actions have stored; an object.
  [[nodiscard]] const nlohmann::json& data() const;

  /// The output of the latest completed run of `step`; null when it is not done (e.g. only possibly
  /// executed), so undo bodies must not rely on it blindly.
  /// In the body of an undo, of its own step: the output of the very run that is undone. Of a step
  /// that runs for each item: the list of their outputs, in order, once all are done.
  [[nodiscard]] const nlohmann::json& output(std::string_view step) const;

  /// Whether the latest run of `step` is done, or may be.
  [[nodiscard]] bool ran(std::string_view step) const;

  /// The latest failure, {"code", "message"} and of a step "step" and "details"; null before any.
  [[nodiscard]] const nlohmann::json& error() const;

  /// In the body of a step that runs for each item: the item and its place from 0; else null and 0.
  [[nodiscard]] const nlohmann::json& item() const;
  [[nodiscard]] std::size_t index() const;

  /// The instant of the transition under way, the same for everything in it.
  [[nodiscard]] Timestamp now() const { return now_; }

  [[nodiscard]] std::string_view definition() const;
  [[nodiscard]] std::uint32_t version() const;

 private:
  const Definition& definition_;
  const Instance& instance_;
  Timestamp now_;
  const Focus* focus_;
};

/// The event a guard decides on.
struct EventView {
  std::string_view name;          ///< e.g. "account_debit_failed"
  std::string_view code;          ///< business code of a failed outcome, else empty
  const nlohmann::json& payload;  ///< the output, or the details of a refusal
};

}  // namespace skald
