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

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string quoted(std::string_view name) {
  std::string text = "'";
  for (const char c : name) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

}  // namespace

std::optional<std::string> path_of(const Program& program, std::uint32_t index) {
  const Node& node = program.nodes[index];
  if (node.op != Op::select) return root_of(program, node);
  auto path = path_of(program, program.children(node)[0]);
  if (path) *path += separator + program.texts[node.index];
  return path;
}

std::string display(std::string_view path, const std::vector<std::string>& variables,
                    bool optional) {
  const auto end = std::min(path.find(separator), path.size());
  std::string text(path.substr(0, end));
  if (text.starts_with('#')) text = variables[static_cast<std::size_t>(text[1] - '0')];
  path.remove_prefix(end);
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto name = path.substr(0, path.find(separator));
    path.remove_prefix(name.size());
    const std::string_view mark = optional && path.empty() ? "?" : "";
    if (is_identifier(name))
      text.append(".").append(mark).append(name);
    else
      text.append("[").append(mark).append(quoted(name)).append("]");
  }
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

/// Of `error` alone: it is always there, and null before anything failed.
void Presence::learn_no_null(const Program& program, std::span<const std::uint32_t> sides) {
  for (const std::size_t side : {0U, 1U}) {
    const Node& null = program.nodes[sides[1 - side]];
    if (null.op != Op::constant || !program.constants[null.index].is(Kind::null)) continue;
    if (program.nodes[sides[side]].op == Op::error) add(path_of(program, sides[side]));
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
  if (node.op == (truth ? Op::not_equal : Op::equal)) return learn_no_null(program, children);
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
