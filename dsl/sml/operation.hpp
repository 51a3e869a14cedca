#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "dsl/sml/names.hpp"
#include "dsl/sml/table.hpp"

namespace skald::sml {

/// Describes one thing a participant can do. A step's id is the name of the operation it calls.
///
///     const auto debit = operation("debit").post("accounts", "/debits").body(debit_body)
///                            .raises<account_debited, account_debit_failed>();
class operation {
 public:
  explicit operation(std::string name) {
    spec_.done_event = name + ".done";
    spec_.failed_event = name + ".failed";
    spec_.operation.name = std::move(name);
  }

  /// Reached by HTTP POST at `path` (origin-form) of the configured participant.
  operation post(std::string participant, std::string path) const {
    return with(HttpTarget{std::move(participant), "POST", std::move(path)});
  }

  /// Runs a C++ function in this process; see FunctionTarget for what it must observe.
  operation run(std::function<Outcome(const Invocation&)> function) const {
    return with(FunctionTarget{std::move(function)});
  }

  /// Makes the request body from the saga; must be a pure function of it.
  operation body(std::function<nlohmann::json(const SagaView&)> make) const {
    operation copy = *this;
    copy.spec_.operation.body = std::move(make);
    return copy;
  }

  /// The event types that stand for "it took effect" and "it was refused" in the table. Without
  /// them: done(operation) and failed(operation).
  template <class Done, class Failed>
  operation raises() const {
    operation copy = *this;
    copy.spec_.done_event = type_name<Done>();
    copy.spec_.failed_event = type_name<Failed>();
    return copy;
  }

  [[nodiscard]] const OperationSpec& spec() const { return spec_; }

 private:
  template <class Target>
  operation with(Target target) const {
    operation copy = *this;
    copy.spec_.operation.target = std::move(target);
    return copy;
  }

  OperationSpec spec_;
};

/// Fields of an input, e.g. `text("source")`, `integer("amount").at_least(1)`.
struct field : Field {
  field(std::string field_name, Type field_type) {
    name = std::move(field_name);
    type = field_type;
  }
  /// Smallest value, shortest text in bytes, or fewest elements.
  field at_least(std::int64_t least) && {
    minimum = least;
    return std::move(*this);
  }
  field optional() && {
    required = false;
    return std::move(*this);
  }
};
inline field text(std::string name) { return {std::move(name), Field::Type::text}; }
inline field integer(std::string name) { return {std::move(name), Field::Type::integer}; }
inline field boolean(std::string name) { return {std::move(name), Field::Type::boolean}; }

/// A list of objects with these fields.
template <class... Fields>
field list_of(std::string name, Fields... fields) {
  field list{std::move(name), Field::Type::array};
  (list.fields.push_back(std::move(fields)), ...);
  return list;
}

/// All fields of an input, in order.
template <class... Fields>
std::vector<Field> fields(Fields... each) {
  return {std::move(each)...};
}

}  // namespace skald::sml
