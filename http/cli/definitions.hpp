#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsl/json/load.hpp"
#include "engine/model/registry.hpp"
#include "engine/orchestrator/orchestrator.hpp"
#include "engine/orchestrator/store.hpp"

/// The definitions that a node has besides the tables of its program: those in its store, and those
/// in the files it is given.
namespace skald::cli {

/// A definition with the file it was read from.
struct FiledDefinition {
  std::string file;
  Definition definition;
};

/// Reads the files, JSON or YAML. Error: invalid_argument with everything that is wrong in any of
/// them, each with "file:line:column".
[[nodiscard]] Result<std::vector<FiledDefinition>> read_definition_files(
    const std::vector<std::filesystem::path>& files, const document::LoadOptions& options);

/// Adds the stored definitions to `registry`, which holds the program's own. For start-up, before
/// recovery. Participants that are not configured any more are no error: sagas that do not call
/// them go on. Error: storage_unreadable with what is wrong, e.g. a C++ function that the program
/// does not have any more; id_conflict, when the program brings another content for one of them.
[[nodiscard]] Result<void> load_stored_definitions(StoreWriter& store,
                                                   const document::Natives& natives,
                                                   Registry& registry);

/// Those of `files` that `registry` does not have. Error: id_conflict, with each file whose name
/// and version are registered, or given twice, with other content.
[[nodiscard]] Result<std::vector<Definition>> new_definitions(std::vector<FiledDefinition> files,
                                                              const Registry& registry);

/// Registers each, and returns when that is durable. The orchestrator must be running; never from
/// its thread.
[[nodiscard]] Result<void> register_definitions(Orchestrator& orchestrator,
                                                std::vector<Definition> definitions);

}  // namespace skald::cli
