#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "dsl/json/load.hpp"
#include "engine/model/definition.hpp"

namespace skald::cli {

/// What `skald def …` was told. A definition is named by the file of its document ("-" is standard
/// input), or by its name, or name@version, when the program has it built in.
struct DefOptions {
  enum class What { show, lint, test, diagram };
  What what{};
  std::vector<std::string> definitions;
  std::string form = "full";       ///< show: "full" or "steps"
  std::string format = "mermaid";  ///< diagram: "mermaid", "dot", "plantuml" or "svg"
  bool unwind = false;             ///< test: the generated matrix instead of the document's cases
  bool json = false;               ///< test --unwind: the report as JSON
  std::string input;               ///< test --unwind: what sagas are started with; JSON
  std::size_t depth = 2;           ///< test --unwind: how many things go wrong in one run
};

/// What the program knows beside files.
struct DefContext {
  std::span<const Definition> built_in;
  const document::Natives& natives;
};

/// Does it, and returns the exit code: 0; 1 when something is wrong with a definition or a test
/// failed; 2 when the command line cannot be followed.
int run_def(const DefOptions& options, const DefContext& context, std::ostream& out,
            std::ostream& err);

}  // namespace skald::cli
