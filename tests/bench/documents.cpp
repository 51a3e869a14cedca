#include "tests/bench/documents.hpp"

#include "engine/model/invariant.hpp"

namespace skald::bench {

Definition definition_in(std::string_view text, document::Natives natives) {
  document::LoadOptions options;
  options.natives = std::move(natives);
  auto definition = document::load(text, document::Format::json, options);
  std::string why;
  if (!definition)
    for (const auto& finding : definition.error().findings)
      why += finding.where + ": " + finding.why + "; ";
  invariant(definition.ok(), why);
  return std::move(*definition);
}

}  // namespace skald::bench
