#pragma once

#include <string>
#include <vector>

#include "dsl/diagram/chart.hpp"

namespace skald::diagram {

/// Writes what Mermaid and PlantUML say alike: lines, regions with their states and arrows, and
/// where they begin and end.
class StateWriter {
 public:
  virtual ~StateWriter() = default;
  StateWriter(const StateWriter&) = delete;
  StateWriter& operator=(const StateWriter&) = delete;

 protected:
  explicit StateWriter(Chart the_chart) : chart(std::move(the_chart)) {}

  virtual void state(StateIndex index) = 0;
  virtual void arrow(const Arrow& arrow) = 0;

  void line(const std::string& text) { out.append(2 * depth_, ' ').append(text).append("\n"); }
  void regions(const std::vector<Region>& regions);
  /// Regions inside something, one step further in.
  void inner(const std::vector<Region>& regions);
  [[nodiscard]] static std::string id_of(StateIndex state);

  Chart chart;
  std::string out;

 private:
  void region(const Region& region);

  std::size_t depth_ = 1;
};

}  // namespace skald::diagram
