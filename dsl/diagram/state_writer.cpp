#include "dsl/diagram/state_writer.hpp"

namespace skald::diagram {

void StateWriter::regions(const std::vector<Region>& regions) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (i > 0) line("--");
    region(regions[i]);
  }
}

void StateWriter::inner(const std::vector<Region>& regions) {
  ++depth_;
  this->regions(regions);
  --depth_;
}

std::string StateWriter::id_of(StateIndex state) { return "s" + std::to_string(number(state)); }

void StateWriter::region(const Region& region) {
  for (const StateIndex state : region.states) this->state(state);
  line("[*] --> " + id_of(region.initial) + (region.history ? " : history" : ""));
  for (const auto& arrow : chart.arrows)
    if (&region_of(chart, arrow.from) == &region) this->arrow(arrow);
  for (const StateIndex state : region.states) {
    const Final final = chart.at(state).final;
    if (final != Final::no)
      line(id_of(state) + " --> [*]" + (final == Final::failure ? " : ✗ failure" : ""));
  }
}

}  // namespace skald::diagram
