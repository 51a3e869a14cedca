#include "http/api/metrics_text.hpp"

#include <array>
#include <charconv>

namespace skald::http {

namespace {

std::string shortest(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

void append_label_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n')
      out += "\\n";
    else if (c == '"' || c == '\\')
      out.append(1, '\\').append(1, c);
    else
      out += c;
  }
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::line(std::string_view name, Labels labels, std::string_view value) {
  out_ += name;
  char before = '{';
  for (const auto& [label, text] : labels) {
    out_.append(1, before).append(label).append("=\"");
    append_label_value(out_, text);
    out_ += '"';
    before = ',';
  }
  if (labels.size() > 0) out_ += '}';
  out_.append(" ").append(value).append("\n");
}

void MetricsText::histogram(std::string_view name, const Histogram& histogram) {
  const std::string bucket = std::string(name) + "_bucket";
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < latency_bounds.size(); ++i) {
    below += histogram.buckets[i];
    sample(bucket, {{"le", shortest(latency_bounds[i])}}, below);
  }
  sample(bucket, {{"le", "+Inf"}}, histogram.count);
  line(std::string(name) + "_sum", {}, shortest(histogram.sum));
  sample(std::string(name) + "_count", {}, histogram.count);
}

}  // namespace skald::http
