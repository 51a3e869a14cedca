#include "tests/bench/measured.hpp"

#include <nlohmann/json.hpp>

namespace skald::bench {

using nlohmann::json;

namespace {

json to_json(const std::vector<Figure>& figures) {
  auto list = json::array();
  for (const auto& figure : figures)
    list.push_back({{"name", figure.name},
                    {"value", figure.value},
                    {"unit", figure.unit},
                    {"better", static_cast<int>(figure.better)},
                    {"reference", figure.reference},
                    {"referredTo", figure.referred_to}});
  return list;
}

std::vector<Figure> figures_from(const json& list) {
  std::vector<Figure> figures;
  for (const auto& one : list)
    figures.push_back({one.at("name"), one.at("value"), one.at("unit"),
                       static_cast<Better>(one.at("better").get<int>()), one.at("reference"),
                       one.at("referredTo")});
  return figures;
}

}  // namespace

void Measured::add(std::string name, double value, std::string unit, Better better) {
  figures.push_back({std::move(name), value, std::move(unit), better});
}

void Measured::refer_to(double reference, std::string what) {
  figures.back().reference = reference;
  figures.back().referred_to = std::move(what);
}

void Measured::add(const std::string& name, const Latencies& latencies) {
  add(name + " p50", latencies.at(0.5), "ms", Better::lower);
  add(name + " p99", latencies.at(0.99), "ms", Better::lower);
  add(name + " p99.9", latencies.at(0.999), "ms");
  add(name + " max", latencies.at(1), "ms");
}

void Measured::check(bool holds, std::string failure) {
  if (!holds) failures.push_back(std::move(failure));
}

void Measured::check_same(const std::string& what, std::uint64_t is, std::uint64_t should_be) {
  check(is == should_be,
        what + ": " + std::to_string(is) + " instead of " + std::to_string(should_be));
}

json to_json(const Measured& measured) {
  return {{"figures", to_json(measured.figures)},
          {"calibration", to_json(measured.calibration)},
          {"failures", measured.failures}};
}

Measured measured_from(const json& text) {
  return {figures_from(text.at("figures")), figures_from(text.at("calibration")),
          text.at("failures").get<std::vector<std::string>>()};
}

}  // namespace skald::bench
