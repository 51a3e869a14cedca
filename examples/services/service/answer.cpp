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

Answer bad_request(const std::string& message, const std::vector<Finding>& findings) {
  auto list = nlohmann::json::array();
  for (const auto& finding : findings)
    list.push_back({{"where", finding.where}, {"why", finding.why}});
  const nlohmann::json body{{"code", "bad_request"}, {"message", message}, {"findings", list}};
  return {400, Json(body)};
}

}  // namespace skald::services
