#include "http/cli/definitions.hpp"

#include <cerrno>
#include <fstream>
#include <future>
#include <system_error>

#include "dsl/json/canonical.hpp"

namespace skald::cli {

namespace {

/// Stored documents are canonical; what was short in YAML may be longer so.
constexpr std::size_t stored_bytes_max = std::size_t{1} << 26;

std::string text_of(const DefinitionRef& ref) {
  return "'" + ref.name + "' version " + std::to_string(ref.version);
}

/// At most `bytes_max` bytes and one more, so that a larger file is seen to be so.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t bytes_max) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text(bytes_max + 1, '\0');
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream && !stream.eof())
    return Error{ErrorCode::invalid_argument,
                 "cannot be read: " + std::generic_category().message(errno),
                 {},
                 {}};
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

Result<Definition> read_definition(const std::filesystem::path& file,
                                   const document::LoadOptions& options) {
  const auto text = read_file(file, options.size_max);
  if (!text)
    return Error{ErrorCode::invalid_argument, {}, {}, {{{}, text.error().message, "FILE"}}};
  return document::load(*text, document::Format::detect, options);
}

Error damaged(const DefinitionRef& ref, std::vector<Finding> findings) {
  return {ErrorCode::storage_unreadable,
          "The stored definition " + text_of(ref) + " cannot be used.",
          "Start the program that it was registered with: one with the same C++ functions, and not "
          "an older one.",
          std::move(findings)};
}

Result<Definition> stored_definition(const DefinitionRow& row, const document::Natives& natives) {
  if (document::sha256(row.document) != row.hash)
    return damaged(row.ref, {{"", "its text is not the one that was stored", "DAMAGED"}});
  auto definition =
      document::load(row.document, document::Format::json,
                     {.natives = natives, .size_max = stored_bytes_max, .registered = true});
  if (!definition) return damaged(row.ref, definition.error().findings);
  definition->hash = row.hash;
  definition->document = Json::from_stored(row.document);
  return definition;
}

Result<void> add_stored(const DefinitionRow& row, const document::Natives& natives,
                        Registry& registry) {
  if (registry.find(row.ref.name, row.ref.version))
    return Error{ErrorCode::id_conflict,
                 "The program brings a table " + text_of(row.ref) +
                     ", and a document of that name and version is stored.",
                 "Raise the version of the table.",
                 {}};
  auto definition = stored_definition(row, natives);
  if (!definition) return definition.error();
  return registry.add(std::move(*definition));
}

bool differs(const Definition& one, const Definition& other) {
  return one.hash.empty() || one.hash != other.hash;
}

}  // namespace

Result<std::vector<FiledDefinition>> read_definition_files(
    const std::vector<std::filesystem::path>& files, const document::LoadOptions& options) {
  std::vector<FiledDefinition> definitions;
  std::vector<Finding> findings;
  // Each knows those before it, so that the last of several that start each other sees them all.
  Registry known;
  if (options.definitions != nullptr)
    for (auto& one : options.definitions->all()) static_cast<void>(known.add(std::move(one)));
  auto reading = options;
  reading.definitions = &known;
  for (const auto& file : files) {
    auto definition = read_definition(file, reading);
    if (definition) {
      static_cast<void>(known.add(*definition));
      definitions.push_back({file.string(), std::move(*definition)});
      continue;
    }
    for (auto finding : definition.error().findings) {
      finding.where = file.string() + (finding.where.empty() ? "" : ":" + finding.where);
      findings.push_back(std::move(finding));
    }
  }
  if (findings.empty()) return definitions;
  return Error{ErrorCode::invalid_argument, "The definition files cannot be used.",
               "Every line says where and what would be right.", std::move(findings)};
}

Result<void> load_stored_definitions(StoreWriter& store, const document::Natives& natives,
                                     Registry& registry) {
  Result<void> loaded;
  const auto read = store.for_each_definition([&](const DefinitionRow& row) {
    if (loaded) loaded = add_stored(row, natives, registry);
  });
  return read ? loaded : read;
}

Result<std::vector<Definition>> new_definitions(std::vector<FiledDefinition> files,
                                                const Registry& registry) {
  std::vector<Definition> fresh;
  std::vector<Finding> findings;
  for (FiledDefinition& filed : files) {
    const DefinitionRef& ref = filed.definition.ref;
    const auto known = registry.find(ref.name, ref.version);
    const Definition* other = known.get();
    for (const auto& one : fresh)
      if (one.ref == ref) other = &one;
    if (other == nullptr)
      fresh.push_back(std::move(filed.definition));
    else if (differs(*other, filed.definition))
      findings.push_back(
          {filed.file, text_of(ref) + " is registered with other content", "VERSION_CONFLICT"});
  }
  if (findings.empty()) return fresh;
  return Error{ErrorCode::id_conflict, "The definition files cannot be used.",
               "Raise the version when a definition changes.", std::move(findings)};
}

Result<void> register_definitions(Orchestrator& orchestrator, std::vector<Definition> definitions) {
  for (auto& definition : definitions) {
    std::promise<Result<Registered>> answer;
    orchestrator.add_definition(std::move(definition), [&answer](Result<Registered> registered) {
      answer.set_value(std::move(registered));
    });
    if (const auto registered = answer.get_future().get(); !registered) return registered.error();
  }
  return {};
}

}  // namespace skald::cli
