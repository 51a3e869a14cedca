#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/model/definition.hpp"

/// How full_document() prints the parts of a definition; for its own files only.
namespace skald::document {

/// Prints one definition. C++ functions get names that tell where they stand.
class Writer {
 public:
  explicit Writer(const Definition& definition) : d_(definition) {}
  [[nodiscard]] nlohmann::json run() const;

 private:
  // write.cpp
  void header(nlohmann::json& out) const;
  void settings(nlohmann::json& out) const;
  void signals(nlohmann::json& out) const;
  void migrations(nlohmann::json& out) const;
  [[nodiscard]] nlohmann::json states(std::optional<StateIndex> parent) const;
  [[nodiscard]] nlohmann::json names(const std::vector<StateIndex>& states) const;
  [[nodiscard]] nlohmann::json transition(std::size_t index) const;
  void trigger(const Transition& transition, std::size_t index, nlohmann::json& out) const;
  [[nodiscard]] nlohmann::json actions(const std::vector<Action>& actions,
                                       const std::string& place) const;

  // write_steps.cpp
  [[nodiscard]] nlohmann::json step(const Step& step) const;
  void outcomes_of_step(const Step& step, nlohmann::json& out) const;
  [[nodiscard]] nlohmann::json operation(const Operation& operation, const std::string& name,
                                         const std::string& place) const;
  void target(const Operation& operation, const std::string& place, nlohmann::json& out) const;

  const Definition& d_;
};

/// A value as a document writes it; what is a C++ function has the name `place`.
[[nodiscard]] nlohmann::json written(const Value& value, const std::string& place);
[[nodiscard]] nlohmann::json written(const Guard& guard);
/// What differs from the policy that `otherwise` is.
[[nodiscard]] nlohmann::json written(const RetryPolicy& policy);
[[nodiscard]] std::string function_name(const FunctionTarget& target, const std::string& place);

}  // namespace skald::document
