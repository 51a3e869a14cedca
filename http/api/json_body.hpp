#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/model/error.hpp"
#include "engine/model/json.hpp"
#include "http/api/problem_of.hpp"
#include "http/server/message.hpp"

namespace skald::http {

/// Reads the members of a JSON object that a client sent, and finds everything that is wrong with
/// them, each with its JSON Pointer (RFC 6901). What is wrong reads as if it was not there.
class ObjectReader {
 public:
  /// Adds to `findings`; both must outlive the reader.
  ObjectReader(const Json& document, std::vector<Finding>& findings);

  [[nodiscard]] bool is_object() const { return is_object_; }
  [[nodiscard]] bool has(std::string_view name) const;
  /// A string that is not empty.
  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                                    std::int64_t most);
  [[nodiscard]] std::optional<bool> flag(std::string_view name);
  /// An array of strings; empty when it is not there.
  [[nodiscard]] std::vector<std::string> list(std::string_view name);
  /// An object whose members are all strings.
  [[nodiscard]] std::map<std::string, std::string> texts(std::string_view name);
  /// Any JSON value.
  [[nodiscard]] std::optional<Json> value(std::string_view name);

  /// Call first: finds members that are not among `known`, and `required` ones that are missing.
  void expect(const std::vector<std::string_view>& known,
              const std::vector<std::string_view>& required);

  void refuse(std::string_view name, std::string why, std::string code);

 private:
  const Json& document_;
  std::vector<Finding>& findings_;
  bool is_object_;
};

/// A text for people, such as a reason; empty when it is not there, refused over 1000 bytes.
[[nodiscard]] std::string short_text(ObjectReader& document, std::string_view name);

/// What a body of these bytes may be.
enum class Body { required, may_be_empty };

/// The JSON document in the body of `request`; of an empty one that may be so: {}. Refuses other
/// media types than application/json (415), and what is not acceptable JSON (400).
[[nodiscard]] std::variant<Json, Problem> read_body(const Request& request, Body body);

/// The Idempotency-Key of `request`, empty when it has none; 400 when it is no key.
[[nodiscard]] std::variant<std::string, Problem> read_key(const Request& request);

/// A refusal of a body that was read, with everything that is wrong with it.
[[nodiscard]] Response refused_body(std::string message, std::vector<Finding> findings);

}  // namespace skald::http
