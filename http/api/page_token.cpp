#include "http/api/page_token.hpp"

#include <algorithm>
#include <array>

namespace skald::http {

namespace {

/// A token is three numbers: the key, the filter's fingerprint, and a checksum of both. It guards
/// against mistakes, not against forgery: a forged token shows nothing that a list does not.
using Numbers = std::array<std::uint64_t, 3>;

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t bytes_of_token = 24;
constexpr std::size_t digits_of_token = 32;

/// FNV-1a; each part ends with a byte that no UTF-8 text has.
class Hash {
 public:
  Hash& part(std::string_view text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    byte(0xff);
    return *this;
  }
  Hash& part(std::uint64_t number) { return part(std::to_string(number)); }
  Hash& part(std::optional<Timestamp> time) {
    return part(time ? std::to_string(time->time_since_epoch().count()) : "");
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void byte(unsigned char value) { value_ = (value_ ^ value) * 1099511628211ULL; }
  std::uint64_t value_ = 14695981039346656037ULL;
};

/// Does not depend on the order in which the statuses were given.
std::uint64_t print_of(const SagaFilter& filter) {
  auto statuses = filter.statuses;
  std::sort(statuses.begin(), statuses.end());
  Hash hash;
  for (const auto status : statuses) hash.part(name_of(status));
  hash.part("").part(filter.definition).part(filter.business_key);
  return hash.part(filter.created_from).part(filter.created_before).value();
}

std::uint64_t checksum(const Numbers& numbers) {
  return Hash().part(numbers[0]).part(numbers[1]).value();
}

/// Base64url (RFC 4648 §5) of the numbers' bytes; a multiple of three, so without padding.
std::string encode(const Numbers& numbers) {
  std::string text;
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < bytes_of_token; ++i) {
    group = (group << 8) | static_cast<std::uint8_t>(numbers[i / 8] >> (56 - 8 * (i % 8)));
    if (i % 3 != 2) continue;
    for (int shift = 18; shift >= 0; shift -= 6) text += digits[(group >> shift) & 63];
    group = 0;
  }
  return text;
}

std::optional<Numbers> decode(std::string_view text) {
  if (text.size() != digits_of_token) return std::nullopt;
  Numbers numbers{};
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < digits_of_token; ++i) {
    const auto digit = digits.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    group = (group << 6) | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (std::size_t k = 0; k < 3; ++k) {
      auto& number = numbers[(i / 4 * 3 + k) / 8];
      number = (number << 8) | ((group >> (16 - 8 * k)) & 0xff);
    }
    group = 0;
  }
  return numbers;
}

}  // namespace

std::string page_token(SagaKey last, const SagaFilter& filter) {
  Numbers numbers{static_cast<std::uint64_t>(number(last)), print_of(filter), 0};
  numbers[2] = checksum(numbers);
  return encode(numbers);
}

std::optional<SagaKey> read_page_token(std::string_view token, const SagaFilter& filter) {
  const auto numbers = decode(token);
  if (!numbers || (*numbers)[2] != checksum(*numbers)) return std::nullopt;
  if ((*numbers)[1] != print_of(filter)) return std::nullopt;
  return SagaKey{static_cast<std::int64_t>((*numbers)[0])};
}

}  // namespace skald::http
