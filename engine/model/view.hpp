#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "engine/model/ids.hpp"

namespace skald {

struct Definition;
struct Instance;

/// What guards, actions and body functions see of a saga. Valid only during the call it is given
/// to.
class SagaView {
 public:
  SagaView(const Definition& definition, const Instance& instance)
      : definition_(definition), instance_(instance) {}

  [[nodiscard]] const SagaId& id() const;
  [[nodiscard]] std::string_view business_key() const;

  /// What the saga was started with.
  [[nodiscard]] const nlohmann::json& input() const;

  /// What native actions have stored; an object.
  [[nodiscard]] const nlohmann::json& data() const;

  /// The output of the latest completed run of `step`; null when it is not done (e.g. only possibly
  /// executed), so undo bodies must not rely on it blindly.
  [[nodiscard]] const nlohmann::json& output(std::string_view step) const;

 private:
  const Definition& definition_;
  const Instance& instance_;
};

/// The event a guard decides on.
struct EventView {
  std::string_view name;          ///< e.g. "account_debit_failed"
  std::string_view code;          ///< business code of a failed outcome, else empty
  const nlohmann::json& payload;  ///< the output, or the details of a refusal
};

}  // namespace skald
