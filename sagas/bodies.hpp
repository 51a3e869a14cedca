#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/view.hpp"

/// Request bodies that the model sagas make alike.
namespace skald::sagas {

/// The body with these fields of the input.
inline auto fields_of_input(std::vector<std::string> names) {
  return [names = std::move(names)](const SagaView& saga) {
    nlohmann::json body = nlohmann::json::object();
    for (const auto& name : names) body[name] = saga.input().at(name);
    return body;
  };
}

/// One field of the input, e.g. as a correlation key.
inline auto field_of_input(std::string name) {
  return [name = std::move(name)](const SagaView& saga) { return saga.input().at(name); };
}

}  // namespace skald::sagas
