#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "http/client/session.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace skald::client {

/// The client commands of one program, and the one that was given.
struct Commands {
  ClientOptions options;
  std::function<Exit(Session&)> chosen;  ///< none: no client command was given
};

/// Adds the command `name` with the options that every client command has.
CLI::App* add_command(CLI::App& parent, Commands& commands, const std::string& name,
                      const std::string& help);

/// Makes `command`, when it is given, call `run` with `options`.
template <class Options>
std::function<void()> choose(Commands& commands, std::shared_ptr<Options> options,
                             Exit (*run)(Session&, const Options&)) {
  return [&commands, options, run] {
    commands.chosen = [options, run](Session& session) { return run(session, *options); };
  };
}

// Each adds its commands to the program; `commands` must outlive the parsing.
void add_start(CLI::App& app, Commands& commands);
void add_lists(CLI::App& app, Commands& commands);
void add_looks(CLI::App& app, Commands& commands);
void add_actions(CLI::App& app, Commands& commands);
void add_definitions(CLI::App& def, Commands& commands);
void add_api(CLI::App& app, Commands& commands);

/// Adds every client command: to `app`, and those on definitions to `def`.
void add_all(CLI::App& app, CLI::App& def, Commands& commands);

/// The text of `path`: a file, or standard input for "-". Error: not_found.
[[nodiscard]] Result<std::string> read_text(const std::string& path);

/// JSON as the command line gives it: the text itself, or "@file", or "@-" for standard input.
/// Error: invalid_argument or not_found.
[[nodiscard]] Result<nlohmann::ordered_json> read_json(const std::string& given);

/// "/v1/sagas/" and `id`, escaped, and `rest`.
[[nodiscard]] std::string saga_path(const std::string& id, const std::string& rest = "");

/// Says what is wrong with the command line.
Exit refuse(Session& session, const Error& error);

/// The string under `name`; empty when there is none.
[[nodiscard]] std::string text_of(const nlohmann::ordered_json& object, const char* name);

}  // namespace skald::client
