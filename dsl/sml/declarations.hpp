#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/sml/fields.hpp"
#include "dsl/sml/functions.hpp"
#include "engine/core/input.hpp"

/// What a saga's struct declares beside its rows.
namespace skald::sml {

/// A text field of the input, as business key, lock, tag or correlation key; or a value made by a
/// pure function of `const SagaView&`.
inline Value value(std::string_view input_field_name) {
  return input_field(std::string(input_field_name));
}
template <class F>
requires(!std::is_convertible_v<F, std::string_view>) Value value(F make) {
  return value_of(std::move(make));
}

/// Several of them: `static auto locks() { return values("source", "target"); }`
template <class... Vs>
std::vector<Value> values(Vs... each) {
  return {value(std::move(each))...};
}

/// An event from outside, as accepts(…) takes it.
class signal_spec {
 public:
  explicit signal_spec(SignalSpec spec) : spec_(std::move(spec)) {}

  /// The key under which an event for many sagas finds this one: a field of the input, or a
  /// function of the saga as it starts.
  template <class V>
  signal_spec key(V made_of) const {
    return change([&](Signal& signal) { signal.correlation = value(std::move(made_of)); });
  }
  /// What the payload must be.
  template <class... Fields>
  signal_spec payload(Fields... fields) const {
    return change([&](Signal& signal) { signal.payload = schema_of({std::move(fields)...}); });
  }
  /// The name senders use, where it is not that of the type.
  signal_spec called(std::string name) const {
    return change([&](Signal& signal) { signal.name = std::move(name); });
  }
  /// When nothing waits for it: tell the sender (refuse), drop it (ignore); else it is kept.
  signal_spec refuse() const { return unexpected(WhenUnexpected::refuse); }
  signal_spec ignore() const { return unexpected(WhenUnexpected::ignore); }
  signal_spec keep() const { return unexpected(WhenUnexpected::keep); }

  [[nodiscard]] const SignalSpec& spec() const { return spec_; }

 private:
  template <class Change>
  signal_spec change(Change apply) const {
    signal_spec copy = *this;
    apply(copy.spec_.signal);
    return copy;
  }
  signal_spec unexpected(WhenUnexpected what) const {
    return change([&](Signal& signal) { signal.unexpected = what; });
  }
  SignalSpec spec_;
};

/// Says in a finding why the payload is no E.
template <class E>
std::vector<Finding> check_payload(const nlohmann::json& payload, const std::string& base) {
  try {
    static_cast<void>(from_json_value<E>(payload));
    return {};
  } catch (const std::exception& why) {
    return {{base, std::string("does not fit: ") + why.what(), "PAYLOAD"}};
  }
}

/// The signal that raises E: `static auto signals() { return accepts(signal<paid>); }`. Its payload
/// must be one that E's from_json takes.
template <class E>
struct signal_word {
  operator signal_spec() const {  // NOLINT: a signal without further words
    SignalSpec spec{.signal = {.name = std::string(event_name<E>())}, .type = tag_of<E>()};
    if constexpr (FromJson<E>) spec.signal.payload.check = &check_payload<E>;
    return signal_spec(std::move(spec));
  }
  template <class V>
  [[nodiscard]] signal_spec key(V made_of) const {
    return signal_spec(*this).key(std::move(made_of));
  }
  template <class... Fields>
  [[nodiscard]] signal_spec payload(Fields... fields) const {
    return signal_spec(*this).payload(std::move(fields)...);
  }
  [[nodiscard]] signal_spec called(std::string name) const {
    return signal_spec(*this).called(std::move(name));
  }
  [[nodiscard]] signal_spec refuse() const { return signal_spec(*this).refuse(); }
  [[nodiscard]] signal_spec ignore() const { return signal_spec(*this).ignore(); }
};
template <class E>
inline constexpr signal_word<E> signal{};

template <class... Signals>
std::vector<SignalSpec> accepts(const Signals&... signals) {
  return {signal_spec(signals).spec()...};
}

/// How sagas of an older version go on by this one: `migration(1).state("Paid", "PaymentTaken")`.
class migration {
 public:
  explicit migration(std::uint32_t from) { spec_.from = from; }
  migration state(std::string old_name, std::string new_name) && {
    spec_.states.emplace(std::move(old_name), std::move(new_name));
    return std::move(*this);
  }
  migration step(std::string old_id, std::string new_id) && {
    spec_.steps.emplace(std::move(old_id), std::move(new_id));
    return std::move(*this);
  }
  /// The new data, made of the old saga.
  template <class F>
  migration data(F make) && {
    spec_.data = value_of(std::move(make));
    return std::move(*this);
  }
  [[nodiscard]] const Migration& spec() const { return spec_; }

 private:
  Migration spec_;
};

template <class... Migrations>
std::vector<Migration> migrate(const Migrations&... migrations) {
  return {migrations.spec()...};
}

}  // namespace skald::sml
