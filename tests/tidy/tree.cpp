#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace skald::tidy {

namespace {

namespace fs = std::filesystem;

bool is_skipped(const fs::path& folder) {
  static constexpr std::array<std::string_view, 4> skipped{".cache", ".git", "__pycache__",
                                                           "node_modules"};
  const auto name = folder.filename().string();
  return name.starts_with("build") ||
         std::find(skipped.begin(), skipped.end(), name) != skipped.end();
}

bool is_text(const std::string& path) {
  static constexpr std::array<std::string_view, 19> endings{
      ".cpp",  ".hpp", ".md", ".py",  ".sh", ".cmake", "CMakeLists.txt", ".json", ".yaml",  ".yml",
      ".html", ".css", ".ts", ".tsx", ".js", ".mjs",   ".sql",           ".toml", ".ci/run"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

std::string contents_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The first parts of the paths that git tracks; empty when git cannot tell.
std::vector<std::string> tracked_top_level(const std::string& root) {
  const auto command = "git -c safe.directory='*' -C '" + root + "' ls-files -z 2>/dev/null";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::set<std::string> names;
  std::string path;
  for (int c = pipe ? std::fgetc(pipe.get()) : EOF; c != EOF; c = std::fgetc(pipe.get())) {
    if (c != 0) {
      path += static_cast<char>(c);
      continue;
    }
    names.insert(path.substr(0, path.find('/')));
    path.clear();
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> present_top_level(const std::string& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root))
    if (!is_skipped(entry.path())) names.push_back(entry.path().filename().string());
  return names;
}

}  // namespace

Tree read_tree(const std::string& root) {
  Tree tree;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && is_skipped(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    const auto path = entry->path().lexically_relative(root).generic_string();
    tree.paths.insert(path);
    if (entry->is_regular_file() && is_text(path))
      tree.files.push_back({path, contents_of(entry->path())});
  }
  std::sort(tree.files.begin(), tree.files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  tree.top_level = tracked_top_level(root);
  if (tree.top_level.empty()) tree.top_level = present_top_level(root);
  return tree;
}

}  // namespace skald::tidy
