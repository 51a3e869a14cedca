#include "dsl/expr/scratch.hpp"

#include <algorithm>
#include <memory>

namespace skald::expr {

namespace {

std::size_t size_of(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  return size;
}

void copy(std::initializer_list<std::string_view> parts, std::span<char> room) {
  auto at = room.begin();
  for (const auto part : parts) at = std::copy(part.begin(), part.end(), at);
}

}  // namespace

bool Scratch::charge(std::uint64_t steps) {
  steps_left_ = steps < steps_left_ ? steps_left_ - steps : 0;
  return !spent();
}

bool Scratch::charge_memory(std::size_t bytes) {
  if (bytes > bytes_left_) steps_left_ = 0;
  if (!spent()) bytes_left_ -= bytes;
  return !spent();
}

void* Scratch::take(std::size_t bytes, std::size_t alignment) {
  if (bytes == 0 || !charge_memory(bytes)) return nullptr;
  return resource_.allocate(bytes, alignment);
}

std::span<Datum> Scratch::items(std::size_t count) {
  if (!charge(1 + count)) return {};
  auto* room = static_cast<Datum*>(take(count * sizeof(Datum), alignof(Datum)));
  if (room == nullptr) return {};
  std::uninitialized_default_construct_n(room, count);
  return {room, count};
}

std::span<char> Scratch::bytes(std::size_t count) {
  if (!charge_text(count)) return {};
  auto* room = static_cast<char*>(take(count, 1));
  return room == nullptr ? std::span<char>() : std::span<char>(room, count);
}

Datum Scratch::text(std::initializer_list<std::string_view> parts) {
  const auto room = bytes(size_of(parts));
  if (spent()) return limit_passed();
  copy(parts, room);
  return of_text({room.data(), room.size()});
}

Datum Scratch::list(std::span<const Datum> items) {
  Datum datum;
  datum.kind = Kind::list;
  datum.size = static_cast<std::uint32_t>(items.size());
  datum.items = items.data();
  return datum;
}

Datum Scratch::map(std::span<const Datum> items) {
  Datum datum = list(items);
  datum.kind = Kind::map;
  datum.size /= 2;
  return datum;
}

Datum Scratch::some(const Datum& value) {
  const auto room = items(1);
  if (room.empty()) return limit_passed();
  room[0] = value;
  Datum datum = list(room);
  datum.kind = Kind::optional;
  return datum;
}

Datum Scratch::none() {
  Datum datum;
  datum.kind = Kind::optional;
  return datum;
}

Datum Scratch::fail(std::uint32_t offset, std::initializer_list<std::string_view> message,
                    bool absent) {
  const auto room = bytes(size_of(message));
  auto* failure = static_cast<Failure*>(take(sizeof(Failure), alignof(Failure)));
  if (failure == nullptr) return limit_passed();
  copy(message, room);
  std::construct_at(failure, Failure{offset, absent, {room.data(), room.size()}});
  Datum datum;
  datum.kind = Kind::failure;
  datum.failure = failure;
  return datum;
}

Datum Scratch::limit_passed() {
  static const Failure failure{
      0, false, "takes more steps or memory than one evaluation may: let it do less"};
  Datum datum;
  datum.kind = Kind::failure;
  datum.failure = &failure;
  return datum;
}

}  // namespace skald::expr
