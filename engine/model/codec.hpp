#pragma once

#include <functional>
#include <string>

#include "engine/model/saga.hpp"

namespace skald {

/// How much of an instance its record holds.
enum class RecordForm {
  whole,     ///< everything
  for_store  ///< not what the saga's row has columns for, nor the values that its history holds
};

/// Gives a value that a saga's history holds.
using ValueAt = std::function<Result<Json>(HistoryPlace place)>;

/// The stored form of an instance (see record_tags.hpp), with names instead of indices, so that a
/// saga stored by one build resumes in the next.
[[nodiscard]] std::string encode_instance(const Definition& definition, const Instance& instance,
                                          RecordForm form = RecordForm::whole);

/// Reads what encode_instance wrote, in this program or in an older one, which wrote JSON; asks
/// `value_at` for what stands in the history. What the form leaves out has its default. Refuses,
/// naming what is wrong, when the record is damaged or names a state or step that `definition` does
/// not have.
[[nodiscard]] Result<Instance> decode_instance(const Definition& definition,
                                               std::string_view record,
                                               const ValueAt& value_at = {});

}  // namespace skald
