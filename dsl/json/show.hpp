#pragma once

#include "dsl/json/load.hpp"

/// Definitions as documents of the JSON saga language.
namespace skald::document {

/// The full form of any definition as canonical JSON, so that two definitions are the same when
/// their texts are. What is a C++ function stands there by its name: load() takes the document back
/// with the functions that natives_of() gives.
[[nodiscard]] Json full_document(const Definition& definition);

/// The short form, when the machine is one that a list of steps can say; a document of the short
/// form as it is. Error: invalid_argument with the reason why not.
[[nodiscard]] Result<Json> short_document(const Definition& definition);

/// The C++ functions of `definition` under the names that full_document() gives them.
[[nodiscard]] Natives natives_of(const Definition& definition);

}  // namespace skald::document
