#pragma once

#include <memory>
#include <string>

#include "http/api/api.hpp"
#include "http/api/json_body.hpp"
#include "http/api/problem_of.hpp"

/// What both ways to migrate sagas share.
namespace skald::http {

/// The version of the definition `name` that "toVersion" of the document names; null, with a
/// finding unless it is missing, when there is none.
[[nodiscard]] std::shared_ptr<const Definition> version_in(const Registry& definitions,
                                                           const std::string& name,
                                                           ObjectReader& document);

/// Why the saga was not migrated. The places of its errors are those of the saga, e.g. "/active".
[[nodiscard]] Problem migration_refused(const ApiParts& parts, const SagaId& id,
                                        const Error& error);

}  // namespace skald::http
