#include "engine/model/record_io.hpp"

#include <zlib.h>

#include <numeric>

namespace skald::record {

namespace {

constexpr std::size_t head = 1 + sizeof(std::uint32_t);

std::array<char, sizeof(std::uint32_t)> checksum(std::string_view fields) {
  const auto* bytes = reinterpret_cast<const Bytef*>(fields.data());
  const auto sum = static_cast<std::uint32_t>(crc32_z(0, bytes, fields.size()));
  std::array<char, sizeof sum> written{};
  for (std::size_t i = 0; i < written.size(); ++i)
    written[i] = static_cast<char>(sum >> (8 * i) & 0xFFU);
  return written;
}

}  // namespace

std::string begin_record() {
  std::string record;
  record.reserve(256);
  record.assign(head, '\0');
  return record;
}

std::string sealed(std::string record, Form form) {
  record.front() = static_cast<char>(form);
  const auto sum = checksum(std::string_view(record).substr(head));
  std::copy(sum.begin(), sum.end(), record.begin() + 1);
  return record;
}

std::string_view unsealed(std::string_view record) {
  const auto known = [&](Form form) { return record.front() == static_cast<char>(form); };
  if (record.size() < head || (!known(Form::all_here) && !known(Form::parts_elsewhere)))
    throw std::runtime_error("it is cut short, or of a newer form");
  const auto fields = record.substr(head);
  const auto sum = checksum(fields);
  if (!std::equal(sum.begin(), sum.end(), record.begin() + 1))
    throw std::runtime_error("its checksum does not fit: it has been damaged");
  return fields;
}

void Writer::deltas(Tag tag, const std::vector<std::int64_t>& all) {
  std::vector<std::int64_t> differences(all.size());
  std::adjacent_difference(all.begin(), all.end(), differences.begin());
  if (!all.empty()) out_.add_packed_sint64(tag, differences.begin(), differences.end());
}

void Reader::deltas(Tag tag, std::vector<std::int64_t>& all) {
  if (!at(tag)) return;
  const auto differences = in_.get_packed_sint64();
  std::uint64_t number = 0;  // what is damaged may go beyond, which is seen where it is used
  for (const std::int64_t difference : differences)
    all.push_back(static_cast<std::int64_t>(number += static_cast<std::uint64_t>(difference)));
}

/// Whether the next field is `tag`; passes over fields with smaller numbers, which nobody knows.
bool Reader::at(Tag tag) {
  while (waiting_ || in_.next()) {
    waiting_ = in_.tag() > tag;
    if (waiting_) return false;
    if (in_.tag() == tag) return true;
    in_.skip();
  }
  return false;
}

void Reader::end() {
  if (std::exchange(waiting_, false)) in_.skip();
  while (in_.next()) in_.skip();
}

StateIndex Reader::state_named(const std::string& name) const {
  if (const auto index = definition_->find_state(name)) return *index;
  throw std::out_of_range("the definition has no state '" + name + "'");
}

void Reader::step(Tag tag, StepIndex& value) {
  const std::string id = at(tag) ? in_.get_string() : std::string{};
  const auto index = definition_->find_step(id);
  if (!index) throw std::out_of_range("the definition has no step '" + id + "'");
  value = *index;
}

void Reader::event(Tag tag, EventIndex& value) {
  const std::string name = at(tag) ? in_.get_string() : std::string{};
  const auto index = definition_->find_event(name);
  if (!index) throw std::out_of_range("the definition has no event '" + name + "'");
  value = *index;
}

void Reader::value(Tag tag, Json& value) {
  HistoryPlace ignored;
  this->value(tag, value, ignored);
}

void Reader::value(Tag tag, Json& value, HistoryPlace& place) {
  if (!at(tag)) return;
  Reader inner = message();
  std::string text;
  inner.text(1, text);
  inner.number(2, place.revision);
  inner.number(3, place.entry);
  inner.end();
  if (!text.empty()) {
    value = Json::from_stored(std::move(text));
    return;
  }
  if (!place || !value_at_) throw std::out_of_range("a value is neither here nor in the history");
  auto found = value_at_(place);
  if (!found) throw std::out_of_range(found.error().message);
  value = std::move(*found);
}

}  // namespace skald::record
