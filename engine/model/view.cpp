#include "engine/model/view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/model/saga.hpp"

namespace skald {

namespace {
const nlohmann::json null_value;
}

const SagaId& SagaView::id() const { return instance_.id; }

std::string_view SagaView::business_key() const { return instance_.business_key; }

const nlohmann::json& SagaView::input() const { return instance_.input.value(); }

const nlohmann::json& SagaView::data() const { return instance_.data.value(); }

const nlohmann::json& SagaView::output(std::string_view step) const {
  const auto index = definition_.find_step(step);
  const auto& log = instance_.log;
  const auto entry = std::find_if(log.rbegin(), log.rend(), [&](const LogEntry& e) {
    return index && e.step == *index && e.confirmed;
  });
  return entry == log.rend() ? null_value : entry->output.value();
}

}  // namespace skald
