#include "http/client/completion.hpp"

#include <CLI/CLI.hpp>
#include <vector>

namespace skald::client {

namespace {

/// One command, with the words that lead to it.
struct Place {
  std::string path;  ///< "" for the program itself, "def", "def lint", …
  const CLI::App* app = nullptr;
};

std::vector<Place> places_in(const CLI::App& app, const std::string& path = "") {
  std::vector<Place> places{{path, &app}};
  for (const CLI::App* command : app.get_subcommands({})) {
    const auto below =
        places_in(*command, path.empty() ? command->get_name() : path + " " + command->get_name());
    places.insert(places.end(), below.begin(), below.end());
  }
  return places;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<const CLI::Option*> named_options(const CLI::App& app) {
  std::vector<const CLI::Option*> named;
  for (const CLI::Option* option : app.get_options({}))
    if (!option->get_lnames().empty()) named.push_back(option);
  return named;
}

std::string words_of(const CLI::App& app) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
  for (const auto& name : commands_of(app)) add(name);
  for (const CLI::Option* option : named_options(app)) add("--" + option->get_lnames().front());
  return words;
}

/// bash and zsh, which runs bash's completions: the words typed so far, options left out, name the
/// command whose words fit.
std::string bash_script(const CLI::App& app) {
  std::string cases;
  for (const auto& [path, command] : places_in(app))
    cases += "    '" + path + "') words='" + words_of(*command) + "' ;;\n";
  std::string commands;
  for (const auto& [path, command] : places_in(app))
    if (!path.empty()) commands += "    '" + path + "') path=$next ;;\n";
  return "_skald() {\n"
         "  local path='' next words='' i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    next=${path:+$path }${COMP_WORDS[i]}\n"
         "    case $next in\n" +
         commands +
         "    esac\n"
         "  done\n"
         "  case $path in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "  [[ ${COMPREPLY[*]} ]] || COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -F _skald skald\n";
}

std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + "'";
}

std::string fish_script(const CLI::App& app) {
  std::string script = "complete -c skald -f\n";
  for (const auto& [path, command] : places_in(app)) {
    std::string here = "__fish_use_subcommand";
    if (!path.empty()) {
      here = "__fish_seen_subcommand_from " + path.substr(path.rfind(' ') + 1);
      for (const auto& name : commands_of(*command))
        here += "; and not __fish_seen_subcommand_from " + name;
    }
    const std::string line = "complete -c skald -n " + fish_quoted(here);
    for (const CLI::App* below : command->get_subcommands({}))
      script +=
          line + " -a " + below->get_name() + " -d " + fish_quoted(below->get_description()) + "\n";
    for (const CLI::Option* option : named_options(*command))
      script += line + " -l " + option->get_lnames().front() + " -d " +
                fish_quoted(option->get_description()) + "\n";
  }
  return script;
}

}  // namespace

std::optional<std::string> completion_script(const CLI::App& app, std::string_view shell) {
  if (shell == "bash") return bash_script(app);
  if (shell == "zsh") return "autoload -U bashcompinit && bashcompinit\n" + bash_script(app);
  if (shell == "fish") return fish_script(app);
  return std::nullopt;
}

}  // namespace skald::client
