#pragma once

#include <limits>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "engine/model/codec.hpp"

/// How records are written and read. They have the wire format of Protocol Buffers
/// (protobuf.dev/programming-guides/encoding): numbered fields, of which those with their default
/// are left out, and those that are not known are passed over.
///
/// One function per kind of message names its fields, in the order of their numbers, for both
/// directions. A number that was used stays as it is: records of older programs are read for ever.
namespace skald::record {

using Tag = protozero::pbf_tag_type;

/// The beginning of a record, to which its fields are appended.
[[nodiscard]] std::string begin_record();
/// Completes a record: a byte for its form, a checksum (CRC-32), the fields. Programs that do not
/// know its form refuse it: one that has parts elsewhere would be taken for a shorter one.
enum class Form : char { all_here = 1, parts_elsewhere = 2 };
[[nodiscard]] std::string sealed(std::string record, Form form = Form::all_here);
/// The fields of a record. Throws std::exception when it is not what was sealed.
[[nodiscard]] std::string_view unsealed(std::string_view record);

/// Writes the fields of one message.
class Writer {
 public:
  Writer(std::string& out, const Definition* definition, RecordForm form)
      : out_(out), definition_(definition), form_(form) {}
  Writer(Writer& outer, Tag tag)
      : out_(outer.out_, tag), definition_(outer.definition_), form_(outer.form_) {}

  [[nodiscard]] bool whole() const { return form_ == RecordForm::whole; }

  template <class Number>
  void number(Tag tag, Number value) {
    if (value != Number{}) out_.add_uint64(tag, static_cast<std::uint64_t>(value));
  }
  template <class Enum>
  void choice(Tag tag, Enum value, Enum) {
    number(tag, value);
  }
  template <class Enum>
  void choice(Tag tag, const std::optional<Enum>& value, Enum) {
    if (value) out_.add_uint64(tag, static_cast<std::uint64_t>(*value));
  }
  void flag(Tag tag, bool value) {
    if (value) out_.add_bool(tag, true);
  }
  /// A flag that is true by default.
  void unset(Tag tag, bool value) { flag(tag, !value); }
  void text(Tag tag, std::string_view value) {
    if (!value.empty()) out_.add_string(tag, value.data(), value.size());
  }
  void time(Tag tag, Timestamp value) {
    if (value != Timestamp{}) out_.add_sint64(tag, value.time_since_epoch().count());
  }
  void time(Tag tag, const std::optional<Timestamp>& value) {
    if (value) out_.add_sint64(tag, value->time_since_epoch().count());
  }
  void state(Tag tag, StateIndex value) { text(tag, definition_->at(value).name); }
  void state(Tag tag, const std::optional<StateIndex>& value) {
    if (value) state(tag, *value);
  }
  void step(Tag tag, StepIndex value) { text(tag, definition_->at(value).id); }
  void event(Tag tag, EventIndex value) { text(tag, definition_->at(value)); }

  /// A JSON value: the text itself, or where the history holds it.
  void value(Tag tag, const Json& value, HistoryPlace place = {}) {
    if (value.is_null()) return;
    if (!place || whole()) {
      Writer(*this, tag).text(1, value.text());
      return;
    }
    Writer json(*this, tag);
    json.number(2, place.revision);
    json.number(3, place.entry);
  }
  void texts(Tag tag, const std::vector<std::string>& all) {
    for (const auto& one : all) out_.add_string(tag, one);
  }
  void states(Tag tag, const std::vector<StateIndex>& all) {
    for (const StateIndex one : all) state(tag, one);
  }
  /// Numbers near one another, each as the difference to the one before.
  void deltas(Tag tag, const std::vector<std::int64_t>& all);
  template <class Items, class Fields>
  void each(Tag tag, const Items& all, Fields fields) {
    for (const auto& one : all) {
      Writer inner(*this, tag);
      fields(inner, one);
    }
  }
  template <class Item, class Fields>
  void maybe(Tag tag, const std::optional<Item>& item, Fields fields) {
    if (!item) return;
    Writer inner(*this, tag);
    fields(inner, *item);
  }
  template <class Map, class Fields>
  void map(Tag tag, const Map& all, Fields fields) {
    for (const auto& [key, content] : all) {
      Writer inner(*this, tag);
      fields(inner, key, content);
    }
  }

 private:
  protozero::pbf_writer out_;
  const Definition* definition_;
  RecordForm form_;
};

/// Reads the fields of one message. Throws std::exception on damage; the text says what.
class Reader {
 public:
  Reader(protozero::pbf_reader in, const Definition* definition, const ValueAt& value_at)
      : in_(in), definition_(definition), value_at_(value_at) {}

  template <class Number>
  void number(Tag tag, Number& value) {
    if constexpr (std::is_enum_v<Number>)
      within(tag, value, std::numeric_limits<std::underlying_type_t<Number>>::max());
    else
      within(tag, value, std::numeric_limits<Number>::max());
  }
  template <class Enum>
  void choice(Tag tag, Enum& value, Enum last) {
    within(tag, value, static_cast<std::underlying_type_t<Enum>>(last));
  }
  template <class Enum>
  void choice(Tag tag, std::optional<Enum>& value, Enum last) {
    Enum read{};
    if (within(tag, read, static_cast<std::underlying_type_t<Enum>>(last))) value = read;
  }
  void flag(Tag tag, bool& value) {
    if (at(tag)) value = in_.get_bool();
  }
  void unset(Tag tag, bool& value) {
    if (at(tag)) value = !in_.get_bool();
  }
  void text(Tag tag, std::string& value) {
    if (at(tag)) value = in_.get_string();
  }
  void time(Tag tag, Timestamp& value) {
    if (at(tag)) value = Timestamp{Duration{in_.get_sint64()}};
  }
  void time(Tag tag, std::optional<Timestamp>& value) {
    if (at(tag)) value = Timestamp{Duration{in_.get_sint64()}};
  }
  void state(Tag tag, StateIndex& value) {
    if (!at(tag)) throw std::out_of_range("a state is missing");
    value = state_named(in_.get_string());
  }
  void state(Tag tag, std::optional<StateIndex>& value) {
    if (at(tag)) value = state_named(in_.get_string());
  }
  void step(Tag tag, StepIndex& value);
  void event(Tag tag, EventIndex& value);
  void value(Tag tag, Json& value);
  void value(Tag tag, Json& value, HistoryPlace& place);
  void texts(Tag tag, std::vector<std::string>& all) {
    while (at(tag)) all.push_back(in_.get_string());
  }
  void states(Tag tag, std::vector<StateIndex>& all) {
    while (at(tag)) all.push_back(state_named(in_.get_string()));
  }
  void deltas(Tag tag, std::vector<std::int64_t>& all);
  template <class Item, class Fields>
  void each(Tag tag, std::vector<Item>& all, Fields fields) {
    while (at(tag)) {
      Reader inner = message();
      fields(inner, all.emplace_back());
      inner.end();
    }
  }
  template <class Item, class Fields>
  void maybe(Tag tag, std::optional<Item>& item, Fields fields) {
    if (!at(tag)) return;
    Reader inner = message();
    fields(inner, item.emplace());
    inner.end();
  }
  template <class Map, class Fields>
  void map(Tag tag, Map& all, Fields fields) {
    while (at(tag)) {
      Reader inner = message();
      typename Map::key_type key{};
      typename Map::mapped_type content{};
      fields(inner, key, content);
      inner.end();
      all.insert_or_assign(std::move(key), std::move(content));
    }
  }
  /// Passes over what is left, so that damage in it is found too.
  void end();

 private:
  [[nodiscard]] bool at(Tag tag);
  /// Numbers that were never written are damage, not to be cut short.
  template <class Number, class Most>
  bool within(Tag tag, Number& value, Most most) {
    if (!at(tag)) return false;
    const std::uint64_t read = in_.get_uint64();
    if (read > static_cast<std::uint64_t>(most))
      throw std::out_of_range("a number is " + std::to_string(read));
    value = static_cast<Number>(read);
    return true;
  }
  [[nodiscard]] Reader message() { return {in_.get_message(), definition_, value_at_}; }
  [[nodiscard]] StateIndex state_named(const std::string& name) const;

  protozero::pbf_reader in_;
  const Definition* definition_;
  const ValueAt& value_at_;
  bool waiting_ = false;  ///< a field is read whose number is larger than those asked for so far
};

}  // namespace skald::record
