#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace skald {

/// The name of one saga, unique for ever: chosen by the client, or a UUIDv7 (RFC 9562 §5.7).
struct SagaId {
  std::string value;
  friend auto operator<=>(const SagaId&, const SagaId&) = default;
};

/// The number of a saga in storage; grows with time, so that new rows go to the end of every index.
enum class SagaKey : std::int64_t {};

/// Places in a Definition's vectors.
enum class StateIndex : std::uint16_t {};
enum class StepIndex : std::uint16_t {};
enum class EventIndex : std::uint16_t {};

/// The epoch under which a node owns a shard; a commit under an older one is refused (fencing).
enum class Epoch : std::int64_t {};

/// The plain number of an index or key.
template <class Index>
requires std::is_enum_v<Index>
[[nodiscard]] constexpr auto number(Index index) {
  return static_cast<std::underlying_type_t<Index>>(index);
}

}  // namespace skald

template <>
struct std::hash<skald::SagaId> {
  std::size_t operator()(const skald::SagaId& id) const noexcept {
    return std::hash<std::string>{}(id.value);
  }
};
