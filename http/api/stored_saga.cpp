#include "http/api/stored_saga.hpp"

#include "engine/model/codec.hpp"

namespace skald::http {

Result<StoredSaga> read_saga(const ApiParts& parts, const SagaRow& row) {
  auto definition = parts.definitions.find(row.definition.name, row.definition.version);
  if (!definition)
    return Error{ErrorCode::storage_unreadable,
                 "the saga '" + row.id.value + "' runs by '" + row.definition.name + "' version " +
                     std::to_string(row.definition.version) + ", which is not registered",
                 {},
                 {}};
  auto instance = decode_instance(*definition, row.instance);
  if (!instance) return instance.error();
  return StoredSaga{std::move(definition), std::move(*instance)};
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
