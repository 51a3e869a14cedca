#include "http/live/change_ring.hpp"

#include <algorithm>
#include <unordered_map>

#include "engine/model/invariant.hpp"

namespace skald::http {

bool concerns(const LiveFilter& filter, const SagaRow& row) {
  if (!filter.saga.empty() && filter.saga != row.id.value) return false;
  if (!filter.definition.empty() && filter.definition != row.definition.name) return false;
  if (!filter.business_key.empty() && filter.business_key != row.business_key) return false;
  if (filter.statuses.empty()) return true;
  return std::any_of(filter.statuses.begin(), filter.statuses.end(),
                     [&](Status status) { return status == row.status || status == row.before; });
}

void ChangeRing::push(std::vector<SagaRow> moved) {
  for (auto& row : moved) {
    bytes_ += row.instance.size();
    held_.push_back({++newest_, std::make_shared<const SagaRow>(std::move(row))});
  }
  while (held_.size() > changes_max_ || (bytes_ > bytes_max_ && !held_.empty())) {
    bytes_ -= held_.front().row->instance.size();
    held_.pop_front();
  }
}

void ChangeRing::skip(std::size_t count) {
  newest_ += count;
  held_.clear();
  bytes_ = 0;
}

bool ChangeRing::reaches(std::uint64_t place) const {
  return place <= newest_ && newest_ - place <= held_.size();
}

std::vector<Change> ChangeRing::after(std::uint64_t place) const {
  invariant(reaches(place), "changes are asked for that are not held");
  const auto count = static_cast<std::ptrdiff_t>(newest_ - place);
  return {held_.end() - count, held_.end()};
}

std::vector<Change> coalesced(std::span<const Change> changes, const LiveFilter& filter) {
  // A saga whose newest row does not concern the filter may have left it with an older change.
  std::unordered_map<SagaKey, std::pair<Change, bool>> sagas;
  for (const auto& change : changes) {
    auto& [newest, looked_at] = sagas[change.row->key];
    newest = change;
    looked_at = looked_at || concerns(filter, *change.row);
  }
  std::vector<Change> wanted;
  for (auto& [key, saga] : sagas)
    if (saga.second) wanted.push_back(std::move(saga.first));
  std::sort(wanted.begin(), wanted.end(),
            [](const Change& a, const Change& b) { return a.place < b.place; });
  return wanted;
}

}  // namespace skald::http
