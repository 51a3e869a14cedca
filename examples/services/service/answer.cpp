#include "examples/services/service/answer.hpp"

#include <nlohmann/json.hpp>

namespace skald::services {

Answer ok(const nlohmann::json& body) { return {200, Json(body)}; }

Answer refused(const std::string& code, const std::string& message) {
  return problem(409, code, message);
}

Answer problem(int status, const std::string& code, const std::string& message) {
  const nlohmann::json body{{"code", code}, {"message", message}};
  return {status, Json(body)};
}

}  // namespace skald::services
