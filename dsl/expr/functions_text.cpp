#include <algorithm>

#include "dsl/expr/characters.hpp"
#include "dsl/expr/functions.hpp"

namespace skald::expr {

namespace {

using Arguments = std::span<const Datum>;

/// A search may look at every byte of `text` for every byte of `wanted`.
bool charge_search(const Call& call, std::string_view text, std::string_view wanted) {
  return call.scratch.charge(1 + text.size() * (1 + wanted.size() / 8) / 64);
}

Datum contains(const Call& call, Arguments a) {
  if (!charge_search(call, a[0].text(), a[1].text())) return Scratch::limit_passed();
  return of_boolean(a[0].text().find(a[1].text()) != std::string_view::npos);
}

Datum starts_with(const Call&, Arguments a) {
  return of_boolean(a[0].text().starts_with(a[1].text()));
}

Datum ends_with(const Call&, Arguments a) { return of_boolean(a[0].text().ends_with(a[1].text())); }

Datum size_of_text(const Call& call, Arguments a) {
  if (!call.scratch.charge_text(a[0].size)) return Scratch::limit_passed();
  return of_integer(static_cast<std::int64_t>(count_characters(a[0].text())));
}

/// `text` with every byte between `first` and `last` moved by `distance`.
Datum shifted(const Call& call, std::string_view text, char first, char last, int distance) {
  const auto room = call.scratch.bytes(text.size());
  if (call.scratch.spent()) return Scratch::limit_passed();
  std::transform(text.begin(), text.end(), room.begin(), [&](char c) {
    return c >= first && c <= last ? static_cast<char>(c + distance) : c;
  });
  return of_text({room.data(), room.size()});
}

Datum lower_ascii(const Call& call, Arguments a) {
  return shifted(call, a[0].text(), 'A', 'Z', 'a' - 'A');
}

Datum upper_ascii(const Call& call, Arguments a) {
  return shifted(call, a[0].text(), 'a', 'z', 'A' - 'a');
}

Datum trim(const Call& call, Arguments a) {
  if (!call.scratch.charge_text(a[0].size)) return Scratch::limit_passed();
  return of_text(trimmed(a[0].text()));
}

Datum substring(const Call& call, Arguments a) {
  const auto text = a[0].text();
  if (!call.scratch.charge_text(text.size())) return Scratch::limit_passed();
  const auto place = [&](std::int64_t index) {
    return index < 0 ? std::nullopt : byte_of(text, static_cast<std::size_t>(index));
  };
  const auto begin = place(a[1].integer);
  const auto end = a.size() < 3 ? std::optional(text.size()) : place(a[2].integer);
  if (!begin || !end) return call.fail({"the index is outside of the string"});
  if (*begin > *end) return call.fail({"the substring would end before it begins"});
  return of_text(text.substr(*begin, *end - *begin));
}

/// What the occurrences of `separator` separate, in at most `count` parts; an empty separator
/// separates the characters.
std::vector<std::string_view> parts_of(std::string_view text, std::string_view separator,
                                       std::size_t count) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const auto at = separator.empty() && !text.empty() ? width_of(text[0]) : text.find(separator);
    if (at >= text.size()) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  if (count > 0) parts.push_back(text);
  return parts;
}

std::size_t limit_of(const Datum& limit) {
  return limit.integer < 0 ? std::string_view::npos : static_cast<std::size_t>(limit.integer);
}

Datum split(const Call& call, Arguments a) {
  const auto text = a[0].text();
  const auto most = a.size() < 3 ? std::string_view::npos : limit_of(a[2]);
  // Before the parts exist: there can be one for each byte.
  if (!charge_search(call, text, a[1].text()) || !call.scratch.charge(text.size() / 4))
    return Scratch::limit_passed();
  const auto parts = parts_of(text, a[1].text(), most);
  const auto room = call.scratch.items(parts.size());
  if (call.scratch.spent()) return Scratch::limit_passed();
  std::transform(parts.begin(), parts.end(), room.begin(), of_text);
  return Scratch::list(room);
}

Datum replace(const Call& call, Arguments a) {
  const auto text = a[0].text(), wanted = a[1].text(), by = a[2].text();
  auto left = a.size() < 4 ? std::string_view::npos : limit_of(a[3]);
  if (!charge_search(call, text, wanted) || !call.scratch.charge(text.size() / 4))
    return Scratch::limit_passed();
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at <= text.size() && left > 0; --left) {
    at = text.find(wanted, at);
    if (at == std::string_view::npos) break;
    places.push_back(at);
    at += wanted.empty() ? (at < text.size() ? width_of(text[at]) : 1) : wanted.size();
  }
  const auto size = text.size() + places.size() * by.size() - places.size() * wanted.size();
  const auto room = call.scratch.bytes(size);
  if (call.scratch.spent()) return Scratch::limit_passed();
  auto out = room.begin();
  std::size_t from = 0;
  for (const auto at : places) {
    out = std::copy(text.begin() + static_cast<std::ptrdiff_t>(from),
                    text.begin() + static_cast<std::ptrdiff_t>(at), out);
    out = std::copy(by.begin(), by.end(), out);
    from = at + wanted.size();
  }
  std::copy(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), out);
  return of_text({room.data(), room.size()});
}

Datum join(const Call& call, Arguments a) {
  const auto separator = a.size() < 2 ? std::string_view() : a[1].text();
  std::size_t size = 0;
  for (std::size_t i = 0; i < a[0].size; ++i) {
    const auto item = item_of(a[0], i);
    if (!item.is(Kind::text))
      return call.fail({"join() takes a list of strings, not of ", name_of(item.kind)});
    size += item.size + (i == 0 ? 0 : separator.size());
  }
  const auto room = call.scratch.bytes(size);
  if (!call.scratch.charge(a[0].size)) return Scratch::limit_passed();
  auto out = room.begin();
  for (std::size_t i = 0; i < a[0].size; ++i) {
    if (i > 0) out = std::copy(separator.begin(), separator.end(), out);
    const auto item = item_of(a[0], i).text();
    out = std::copy(item.begin(), item.end(), out);
  }
  return of_text({room.data(), room.size()});
}

}  // namespace

std::vector<Function> text_functions() {
  using enum Kind;
  using enum Function::Style;
  using Gives = Overload::Gives;
  return {
      {"contains", method, {{{text, text}, boolean, contains}}, "text.contains(part)"},
      {"startsWith", method, {{{text, text}, boolean, starts_with}}, "text.startsWith(part)"},
      {"endsWith", method, {{{text, text}, boolean, ends_with}}, "text.endsWith(part)"},
      {"size",
       both,
       {{{text}, integer, size_of_text},
        {{list}, integer, [](const Call&, Arguments a) { return of_integer(a[0].size); }},
        {{map}, integer, [](const Call&, Arguments a) { return of_integer(a[0].size); }}},
       "size(value)"},
      {"lowerAscii", method, {{{text}, text, lower_ascii}}, "text.lowerAscii()"},
      {"upperAscii", method, {{{text}, text, upper_ascii}}, "text.upperAscii()"},
      {"trim", method, {{{text}, text, trim}}, "text.trim()"},
      {"substring",
       method,
       {{{text, integer}, text, substring}, {{text, integer, integer}, text, substring}},
       "text.substring(begin, end)"},
      {"split",
       method,
       {{{text, text}, list, split, Gives::texts},
        {{text, text, integer}, list, split, Gives::texts}},
       "text.split(separator)"},
      {"join", method, {{{list}, text, join}, {{list, text}, text, join}}, "list.join(separator)"},
      {"replace",
       method,
       {{{text, text, text}, text, replace}, {{text, text, text, integer}, text, replace}},
       "text.replace(part, by)"},
  };
}

}  // namespace skald::expr
