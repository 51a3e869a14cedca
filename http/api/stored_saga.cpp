#include "http/api/stored_saga.hpp"

namespace skald::http {

Result<StoredSaga> read_saga(const ApiParts& parts, const SagaRow& row) {
  return skald::read_saga(parts.definitions, parts.reader, row);
}

Result<StoredSaga> read_saga(const ApiParts& parts, const SagaId& id) {
  const auto row = find_saga(parts, id);
  if (!row) return row.error();
  return read_saga(parts, *row);
}

Result<SagaRow> find_saga(const ApiParts& parts, const SagaId& id) {
  auto row = parts.reader.find(id);
  if (!row) return row.error();
  if (!*row)
    return Error{ErrorCode::not_found,
                 "There is no saga with the id '" + id.value + "'.",
                 "GET /v1/sagas lists those there are.",
                 {}};
  return std::move(**row);
}

}  // namespace skald::http
