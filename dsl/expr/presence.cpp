#include "dsl/expr/presence.hpp"

#include <algorithm>

namespace skald::expr {

namespace {

/// Between the names of a path; in no name and seldom in a key.
constexpr char separator = '\n';

std::optional<std::string> root_of(const Program& program, const Node& node) {
  switch (node.op) {
    case Op::input:
      return "input";
    case Op::data:
      return "data";
    case Op::event:
      return "event";
    case Op::error:
      return "error";
    case Op::item:
      return "item";
    case Op::slot:
      return "#" + std::to_string(node.index);
    case Op::step_output:
      return "steps" + (separator + program.texts[node.index]) + separator + "output";
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> path_of(const Program& program, std::uint32_t index) {
  const Node& node = program.nodes[index];
  if (node.op != Op::select) return root_of(program, node);
  auto path = path_of(program, program.children(node)[0]);
  if (path) *path += separator + program.texts[node.index];
  return path;
}

std::string display(std::string_view path, const std::vector<std::string>& variables) {
  std::string text(path);
  if (text.starts_with('#')) {
    const auto end = std::min(text.find(separator), text.size());
    text.replace(0, end, variables[static_cast<std::size_t>(text[1] - '0')]);
  }
  std::replace(text.begin(), text.end(), separator, '.');
  return text;
}

void Presence::add(const std::optional<std::string>& path) {
  if (!path) return;
  // Where a member is, so is everything it lies in.
  for (auto end = path->size(); end != std::string::npos; end = path->rfind(separator, end - 1)) {
    paths_.push_back(path->substr(0, end));
    if (end == 0) return;
  }
}

void Presence::learn(const Program& program, std::uint32_t condition, bool truth) {
  const Node& node = program.nodes[condition];
  const auto children = program.children(node);
  if (node.op == Op::invert) return learn(program, children[0], !truth);
  if (node.op == (truth ? Op::conjunction : Op::disjunction)) {
    for (const auto child : children) learn(program, child, truth);
    return;
  }
  if (!truth) return;
  if (node.op == Op::has) add(path_of(program, children[0]));
  if (node.op != Op::contained) return;
  const Node& key = program.nodes[children[0]];
  auto path = path_of(program, children[1]);
  if (key.op != Op::constant || !program.constants[key.index].is(Kind::text) || !path) return;
  add(*path + separator + std::string(program.constants[key.index].text()));
}

bool Presence::is_known(std::string_view path) const {
  return std::find(paths_.begin(), paths_.end(), path) != paths_.end();
}

}  // namespace skald::expr
