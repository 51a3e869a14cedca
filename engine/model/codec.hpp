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

/// Gives what the row of a saga's history with this revision holds of its completion log, as
/// encode_chunks wrote it. Empty: that part of the log is not wanted.
using ChunksAt = std::function<Result<std::string>(std::int64_t revision)>;

/// The stored form of an instance (see record_tags.hpp), with names instead of indices, so that a
/// saga stored by one build resumes in the next.
[[nodiscard]] std::string encode_instance(const Definition& definition, const Instance& instance,
                                          RecordForm form = RecordForm::whole);

/// Chunks of the saga's completion log, for the row of its history that holds them from now on.
/// Like the record it has names, so another definition must have them written again.
[[nodiscard]] std::string encode_chunks(const Definition& definition, const CompletionLog& log,
                                        const std::vector<std::size_t>& chunks);

/// Reads what encode_instance wrote, in this program or in an older one, which wrote JSON; asks
/// `value_at` and `chunks_at` for what stands in the history. What the form leaves out has its
/// default. Refuses, naming what is wrong, when the record is damaged or names a state or step that
/// `definition` does not have.
[[nodiscard]] Result<Instance> decode_instance(const Definition& definition,
                                               std::string_view record,
                                               const ValueAt& value_at = {},
                                               const ChunksAt& chunks_at = {});

}  // namespace skald
