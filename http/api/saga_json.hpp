#pragma once

#include <string>

#include "http/api/json_writer.hpp"
#include "http/api/stored_saga.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// The whole saga, as GET /v1/sagas/{id} shows it.
[[nodiscard]] std::string saga_json(const StoredSaga& saga);

/// One line of a list. Without states and stuck reason when the saga's definition is not
/// registered any more, so that one such saga does not hide all others.
void write_summary(JsonWriter& json, const Registry& definitions, const SagaRow& row);

/// The same as a text of its own.
[[nodiscard]] std::string summary_json(const Registry& definitions, const SagaRow& row);

/// The entries of one transition, each with the transition's revision and time.
[[nodiscard]] Result<void> write_events(JsonWriter& json, const HistoryRow& row);

/// The answer that shows the saga called `id` as it is now, with `status` and its ETag; or the
/// problem that keeps it from being shown.
[[nodiscard]] Response show_saga(const ApiParts& parts, const SagaId& id, int status);

/// The ETag of a saga: its revision, with quotes.
[[nodiscard]] std::string etag_of(const Instance& instance);

/// A JSON answer.
[[nodiscard]] Response json_response(int status, std::string body);

}  // namespace skald::http
