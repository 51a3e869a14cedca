#include "dsl/diagram/figure.hpp"

#include <algorithm>
#include <tuple>

#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

/// A region that would cost more than this is drawn as a list.
constexpr std::size_t cost_most = 3'000;
constexpr double region_padding = 16;
constexpr double final_border = 4;  ///< a final state has two borders, as in UML
constexpr double loop_width = 30;

double widest(const std::vector<TextLine>& lines) {
  double most = 0;
  for (const auto& line : lines) most = std::max(most, width_of(line));
  return most;
}

double height_of(const std::vector<TextLine>& lines) {
  return line_height * static_cast<double>(lines.size());
}

/// All transitions between two boxes of one region that share a course: one arrow.
struct Bundle {
  std::size_t from = 0;  ///< places in the region
  std::size_t to = 0;
  Course course = Course::forward;
  std::vector<TextLine> label;
};

class Stage {
 public:
  explicit Stage(const Chart& chart) : chart_(chart) {
    for (const auto& arrow : chart.arrows) lift(arrow);
  }

  Scene scene(const Region& region) const {
    Scene made;
    made.history = region.history;
    std::vector<Box> boxes{{start_radius, start_radius, 2 * start_radius, 0}};
    auto bundles = bundles_of(region);
    std::vector<Line> lines{{0, 1 + place(region, region.initial), 0, 0, true}};
    const auto spine = spine_of(region, bundles);
    for (std::size_t i = 0; i < bundles.size(); ++i)
      if (bundles[i].from != bundles[i].to) lines.push_back(line_of(bundles[i], spine[i]));
    const bool as_list = cost_of(region.states.size() + 1, lines) > cost_most;
    std::vector<std::vector<const Bundle*>> out(region.states.size());
    for (const auto& bundle : bundles) out[bundle.from].push_back(&bundle);
    for (std::size_t i = 0; i < region.states.size(); ++i) {
      made.states.push_back(state(region.states[i]));
      if (as_list)
        listed(made.states.back(), region, out[i]);
      else
        looped(made.states.back(), out[i]);
      boxes.push_back(box_of(made.states.back()));
    }
    if (as_list) {
      bundles.clear();
      lines.clear();
      for (std::size_t i = 1; i < boxes.size(); ++i) lines.push_back({i - 1, i, 0, 0, true});
    }
    arrange(made, boxes, lines, bundles);
    return made;
  }

 private:
  std::size_t place(const Region& region, StateIndex state) const {
    const auto found = std::lower_bound(region.states.begin(), region.states.end(), state);
    return static_cast<std::size_t>(found - region.states.begin());
  }

  std::vector<StateIndex> ancestry(StateIndex state) const {
    std::vector<StateIndex> way{state};
    while (const auto parent = chart_.at(way.back()).parent) way.push_back(*parent);
    return way;
  }

  /// An arrow joins the boxes of the innermost region that has both its ends.
  void lift(const Arrow& arrow) {
    const auto ends = ancestry(arrow.to);
    for (const StateIndex a : ancestry(arrow.from))
      for (const StateIndex b : ends) {
        const Region& region = region_of(chart_, a);
        if (&region != &region_of(chart_, b)) continue;
        auto label = diagram::lines_of(arrow, a == arrow.from ? "" : chart_.at(arrow.from).name,
                                       b == arrow.to ? "" : chart_.at(arrow.to).name);
        add(region, {place(region, a), place(region, b), arrow.course, std::move(label)});
        return;
      }
  }

  void add(const Region& region, Bundle bundle) {
    auto& all = bundles_[region.initial];
    const auto [known, fresh] = known_.emplace(
        std::tuple(region.initial, bundle.from, bundle.to, bundle.course), all.size());
    if (fresh) return all.push_back(std::move(bundle));
    auto& label = all[known->second].label;
    label.insert(label.end(), bundle.label.begin(), bundle.label.end());
  }

  std::vector<Bundle> bundles_of(const Region& region) const {
    const auto found = bundles_.find(region.initial);
    return found == bundles_.end() ? std::vector<Bundle>{} : found->second;
  }

  /// Which bundles are the way things should go: the first way, in the order of the table, from the
  /// beginning to a success. They are drawn straight, and the others make room.
  std::vector<bool> spine_of(const Region& region, const std::vector<Bundle>& bundles) const {
    std::vector<bool> spine(bundles.size(), false);
    std::vector<std::vector<std::size_t>> out(region.states.size());
    for (std::size_t i = 0; i < bundles.size(); ++i)
      if (bundles[i].course == Course::forward) out[bundles[i].from].push_back(i);
    std::vector<bool> seen(region.states.size(), false);
    std::vector<std::size_t> way;  // bundles
    std::size_t at = place(region, region.initial);
    while (chart_.at(region.states[at]).final != Final::success) {
      seen[at] = true;
      const auto next = std::find_if(out[at].begin(), out[at].end(),
                                     [&](std::size_t i) { return !seen[bundles[i].to]; });
      if (next == out[at].end() && way.empty()) return spine;
      if (next == out[at].end()) {
        at = bundles[way.back()].from;
        way.pop_back();
        continue;
      }
      way.push_back(*next);
      at = bundles[*next].to;
    }
    for (const std::size_t i : way) spine[i] = true;
    return spine;
  }

  static Line line_of(const Bundle& bundle, bool on_spine) {
    const double width = widest(bundle.label);
    return {1 + bundle.from, 1 + bundle.to, width > 0 ? width + 8 : 0, height_of(bundle.label) + 2,
            on_spine};
  }

  DrawnState state(StateIndex index) const {
    const Node& node = chart_.at(index);
    DrawnState made{.state = index};
    const double icon = node.final == Final::no ? 0 : mark_width;
    made.width = std::max(88.0, name_width(shortened(node.name, name_most)) + icon + 2 * padding);
    for (const auto& row : node.rows)
      for (auto& line : diagram::lines_of(row)) made.rows.push_back(std::move(line));
    made.width = std::max(made.width, widest(made.rows) + 2 * padding);
    made.height = 34 + (made.rows.empty() ? 0 : height_of(made.rows) + 7);
    if (node.final != Final::no) made.width += 2 * final_border, made.height += 2 * final_border;
    if (!node.regions.empty()) regions(made, node.regions);
    return made;
  }

  void regions(DrawnState& made, const std::vector<Region>& regions) const {
    double x = 0, tallest = 0;
    for (const auto& region : regions) {
      made.regions.push_back(scene(region));
      Scene& inner = made.regions.back();
      inner.x = x + region_padding;
      inner.y = made.height + 10;
      x += inner.width + 2 * region_padding;
      tallest = std::max(tallest, inner.height);
    }
    if (x < made.width)
      for (auto& inner : made.regions) inner.x += (made.width - x) / 2;
    made.width = std::max(made.width, x);
    made.height += tallest + 10 + region_padding;
  }

  static void looped(DrawnState& state, const std::vector<const Bundle*>& out) {
    double y = 8;
    for (const auto* bundle : out) {
      if (bundle->from != bundle->to) continue;
      state.loops.push_back({bundle->course, bundle->label, y});
      y += std::max(24.0, height_of(bundle->label)) + 8;
    }
    state.height = std::max(state.height, state.loops.empty() ? 0 : y);
  }

  /// Instead of arrows: lines that tell where they lead.
  void listed(DrawnState& state, const Region& region,
              const std::vector<const Bundle*>& out) const {
    const auto before = state.rows.size();
    for (const auto* bundle : out) {
      state.rows.insert(state.rows.end(), bundle->label.begin(), bundle->label.end());
      const auto& target = chart_.at(region.states[bundle->to]).name;
      state.rows.push_back({{Mark::none, "→ " + shortened(target, name_most)}});
    }
    state.width = std::max(state.width, widest(state.rows) + 2 * padding);
    state.height += line_height * static_cast<double>(state.rows.size() - before) + 7;
  }

  static Box box_of(const DrawnState& state) {
    double beside = 0;
    for (const auto& loop : state.loops) beside = std::max(beside, loop_width + widest(loop.label));
    return {state.width / 2, state.width / 2, state.height, beside};
  }

  static void arrange(Scene& made, const std::vector<Box>& boxes, const std::vector<Line>& lines,
                      const std::vector<Bundle>& bundles) {
    const Layout layout = lay_out(boxes, lines);
    made.width = layout.width;
    made.height = layout.height;
    made.start = {layout.boxes[0].x, layout.boxes[0].y + start_radius};
    for (std::size_t i = 0; i < made.states.size(); ++i) {
      made.states[i].x = layout.boxes[i + 1].x - made.states[i].width / 2;
      made.states[i].y = layout.boxes[i + 1].y;
    }
    made.arrows.push_back({Course::forward, {}, layout.paths[0]});
    std::size_t next = 1;
    for (const auto& bundle : bundles)
      if (bundle.from != bundle.to)
        made.arrows.push_back({bundle.course, bundle.label, layout.paths[next++]});
  }

  const Chart& chart_;
  std::map<StateIndex, std::vector<Bundle>> bundles_;  ///< by first state of the region
  std::map<std::tuple<StateIndex, std::size_t, std::size_t, Course>, std::size_t> known_;
};

}  // namespace

std::vector<Scene> scenes_of(const Chart& chart) {
  const Stage stage(chart);
  std::vector<Scene> scenes;
  double x = 0;
  for (const auto& region : chart.regions) {
    scenes.push_back(stage.scene(region));
    scenes.back().x = x;
    x += scenes.back().width + 2 * region_padding;
  }
  return scenes;
}

}  // namespace skald::diagram
