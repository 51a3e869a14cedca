#include "engine/model/record_io.hpp"

#include <zlib.h>

namespace skald::record {

namespace {

constexpr char form = 1;
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
  record.assign(head, form);
  return record;
}

std::string sealed(std::string record) {
  const auto sum = checksum(std::string_view(record).substr(head));
  std::copy(sum.begin(), sum.end(), record.begin() + 1);
  return record;
}

std::string_view unsealed(std::string_view record) {
  if (record.size() < head || record.front() != form)
    throw std::runtime_error("it is cut short, or of a newer form");
  const auto fields = record.substr(head);
  const auto sum = checksum(fields);
  if (!std::equal(sum.begin(), sum.end(), record.begin() + 1))
    throw std::runtime_error("its checksum does not fit: it has been damaged");
  return fields;
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
