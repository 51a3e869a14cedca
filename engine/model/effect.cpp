#include "engine/model/effect.hpp"

namespace skald {

std::string idempotency_key(const Definition& definition, const SagaId& saga, const Call& call) {
  std::string key = saga.value + "/" + definition.at(call.step).id;
  if (call.run > 1) key += "#" + std::to_string(call.run);
  return key.append("/").append(name_of(call.phase));
}

SagaId child_id(const Definition& definition, const SagaId& saga, StepIndex step,
                std::uint32_t run) {
  std::string id = saga.value + "." + definition.at(step).id;
  if (run > 1) id += "." + std::to_string(run);
  return SagaId{std::move(id)};
}

}  // namespace skald
