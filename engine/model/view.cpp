#include "engine/model/view.hpp"

#include <nlohmann/json.hpp>

#include "engine/model/saga.hpp"

namespace skald {

namespace {

const nlohmann::json null_value;

}  // namespace

const SagaId& SagaView::id() const { return instance_.id; }

std::string_view SagaView::business_key() const { return instance_.business_key; }

const nlohmann::json& SagaView::input() const { return instance_.input.value(); }

const nlohmann::json& SagaView::data() const {
  static const nlohmann::json nothing = nlohmann::json::object();
  return instance_.data.is_null() ? nothing : instance_.data.value();
}

const nlohmann::json& SagaView::output(std::string_view step) const {
  if (focus_ != nullptr && focus_->output != nullptr && focus_->step == step)
    return *focus_->output;
  const auto index = definition_.find_step(step);
  if (!index) return null_value;
  if (definition_.at(*index).for_each) {
    const auto loop = instance_.loops.find(*index);
    return loop == instance_.loops.end() ? null_value : loop->second.outputs.value();
  }
  const LogEntry* entry = instance_.log.latest(*index);
  return entry == nullptr ? null_value : entry->output.value();
}

bool SagaView::ran(std::string_view step) const {
  const auto index = definition_.find_step(step);
  return index && instance_.log.runs(*index) > 0;
}

const nlohmann::json& SagaView::error() const { return instance_.error.value(); }

const nlohmann::json& SagaView::item() const {
  return focus_ == nullptr || focus_->item == nullptr ? null_value : *focus_->item;
}

std::size_t SagaView::index() const { return focus_ == nullptr ? 0 : focus_->index; }

std::string_view SagaView::definition() const { return instance_.definition.name; }

std::uint32_t SagaView::version() const { return instance_.definition.version; }

}  // namespace skald
