#pragma once

#include <string>

#include "engine/model/definition.hpp"

/// A definition as a picture: states with their steps and undos, transitions with event, guard and
/// actions. All four show the same and are pure: the same definition gives the same text. Names are
/// escaped, so that no name can break out of its place in the text or run anything in its reader.
///
/// Signs: "debit ⤺ credit-back" is a step with its undo, ◆ the pivot, ↻ a retriable step, ○ a
/// readonly one. A dashed arrow unwinds before it arrives, a dotted one parks the saga, and ✗ marks
/// an end at which the business transaction did not take place.
///
/// REQUIRES: a definition that check() (engine/core/check.hpp) accepts.
namespace skald::diagram {

/// For Mermaid 10 or newer: stateDiagram-v2. Arrows of this kind have one style, so unwinding and
/// parking are told by their labels alone.
[[nodiscard]] std::string mermaid(const Definition& definition);

/// For Graphviz: a digraph with a cluster for each composite state.
[[nodiscard]] std::string dot(const Definition& definition);

/// For PlantUML: a state diagram.
[[nodiscard]] std::string plantuml(const Definition& definition);

/// A finished picture: one SVG 1.1 document without scripts, fonts or references to elsewhere, in
/// light or dark colours as its reader prefers. Every state is a group with the class
/// `skald-state` and its name in `data-state`. A definition with more than a thousand or so states
/// and arrows is drawn without arrows: each state then lists where its transitions lead.
[[nodiscard]] std::string svg(const Definition& definition);

}  // namespace skald::diagram
