#include "dsl/expr/json_form.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace skald::expr {

namespace {

using nlohmann::json;

constexpr std::size_t node_size = sizeof(json);

/// About the memory a copy takes, stopping when it is more than `most`.
std::size_t size_of(const json& value, std::size_t most) {
  std::size_t size = node_size;
  if (const auto* text = value.get_ptr<const std::string*>()) return size + text->size();
  if (!value.is_structured()) return size;
  for (auto at = value.begin(); at != value.end() && size <= most; ++at) {
    if (value.is_object()) size += node_size + at.key().size();
    size += size_of(*at, most);
  }
  return size;
}

/// Writes JSON while it counts what that takes.
class Writer {
 public:
  Writer(std::uint32_t offset, Scratch& scratch) : offset_(offset), scratch_(scratch) {}

  json write(const Datum& datum) {
    if (!count(node_size)) return nullptr;
    switch (datum.kind) {
      case Kind::null:
        return nullptr;
      case Kind::boolean:
        return datum.truth;
      case Kind::integer:
        return datum.integer;
      case Kind::real:
        if (!std::isfinite(datum.real)) return refuse("a double that is not finite");
        return datum.real;
      case Kind::text:
        return count(datum.size) ? json(std::string(datum.text())) : json();
      case Kind::oversized:
        return *datum.json;
      case Kind::list:
      case Kind::map:
        return datum.from_json ? copy(*datum.json) : write_items(datum);
      case Kind::optional:
        return refuse("an optional (end it with .orValue(…))");
      case Kind::failure:
        failure_ = datum;
        return nullptr;
      default: {
        const auto text = to_text(datum, offset_, scratch_);
        if (text.is(Kind::failure)) failure_ = text;
        return text.is(Kind::failure) ? json() : json(std::string(text.text()));
      }
    }
  }

  [[nodiscard]] const Datum& failure() const { return failure_; }

 private:
  bool count(std::size_t bytes) {
    if (failure_.is(Kind::failure)) return false;
    if (!scratch_.charge_memory(bytes)) failure_ = Scratch::limit_passed();
    return !failure_.is(Kind::failure);
  }

  json refuse(std::string_view what) {
    failure_ = scratch_.fail(offset_, {what, " has no JSON form"});
    return nullptr;
  }

  json copy(const json& value) {
    return count(size_of(value, scratch_.memory_left())) ? value : json();
  }

  json write_items(const Datum& datum) {
    auto result = datum.is(Kind::list) ? json::array() : json::object();
    for (std::size_t i = 0; i < datum.size && !failure_.is(Kind::failure); ++i) {
      if (datum.is(Kind::list))
        result.push_back(write(datum.items[i]));
      else
        result[std::string(datum.items[2 * i].text())] = write(datum.items[2 * i + 1]);
    }
    return result;
  }

  std::uint32_t offset_;
  Scratch& scratch_;
  Datum failure_;
};

}  // namespace

Datum to_json(const Datum& datum, std::uint32_t offset, Scratch& scratch, json& out) {
  Writer writer(offset, scratch);
  out = writer.write(datum);
  return writer.failure();
}

Datum to_text(const Datum& datum, std::uint32_t offset, Scratch& scratch) {
  std::array<char, 32> digits{};
  const auto number = [&](auto value) {
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return scratch.text({std::string_view(digits.data(), end)});
  };
  switch (datum.kind) {
    case Kind::text:
      return datum;
    case Kind::boolean:
      return of_text(datum.truth ? "true" : "false");
    case Kind::integer:
      return number(datum.integer);
    case Kind::real:
      return number(datum.real);
    case Kind::decimal: {
      DecimalText room;
      return scratch.text({print(datum.decimal(), room)});
    }
    case Kind::timestamp:
      return scratch.text({to_rfc3339(datum.timestamp())});
    case Kind::duration:
      return scratch.text({print_duration(datum.duration())});
    default:
      return scratch.fail(offset, {name_of(datum.kind), " has no text form"},
                          datum.is(Kind::null) || datum.is(Kind::optional));
  }
}

}  // namespace skald::expr
