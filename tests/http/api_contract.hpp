#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skald::http::test {

/// Checks JSON values against the part of JSON Schema that the API's description uses: type,
/// required, properties, additionalProperties, items, enum, oneOf and $ref. Annotations and limits
/// of requests are passed over; any other keyword is an error, so that none is ignored by mistake.
class SchemaCheck {
 public:
  /// `document` holds what $ref points to, and must outlive the check.
  explicit SchemaCheck(const nlohmann::json& document) : document_(document) {}

  /// What is wrong with `value`, each with its place; empty when it is valid.
  [[nodiscard]] std::vector<std::string> errors(const nlohmann::json& schema,
                                                const nlohmann::json& value) const;

 private:
  void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& where,
             std::vector<std::string>& errors) const;
  void check_object(const nlohmann::json& schema, const nlohmann::json& value,
                    const std::string& where, std::vector<std::string>& errors) const;
  const nlohmann::json& document_;
};

/// What one exchange with the API looked like.
struct Seen {
  std::string method;
  std::string path;  ///< without the query
  int status = 0;
  std::string content_type;  ///< empty without a body
  std::string body;
};

/// The API's own description, and whether what is seen keeps to it.
class Contract {
 public:
  explicit Contract(const std::string& openapi);
  ~Contract();

  /// "METHOD /path/template" of every operation, in order.
  [[nodiscard]] std::vector<std::string> operations() const;

  /// The operation that serves the exchange, or empty.
  [[nodiscard]] std::string operation_of(const Seen& seen) const;

  /// How the exchange breaks the description; empty when it does not, or when its path or method
  /// is none of the API's.
  [[nodiscard]] std::vector<std::string> errors(const Seen& seen) const;

 private:
  struct Document;
  std::unique_ptr<Document> document_;
};

}  // namespace skald::http::test
