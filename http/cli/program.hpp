#pragma once

#include <vector>

#include "dsl/json/load.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/result.hpp"

namespace skald::cli {

/// The whole `skald` program for these definitions: reads the command line, serves until SIGTERM or
/// SIGINT, drains, and returns the exit code. A program of one's own is a main() that calls this.
///
/// A definition that is an Error is reported, with every finding, and nothing is started.
/// `functions` are the C++ functions that documents (POST /v1/definitions, --definition) may name.
int run(int argc, char** argv, std::vector<Result<Definition>> definitions,
        document::Natives functions = {});

}  // namespace skald::cli
