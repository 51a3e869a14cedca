#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/model/error.hpp"
#include "engine/model/json.hpp"

namespace skald::services {

/// What a service answers to a request.
struct Answer {
  int status = 200;
  Json body;

  [[nodiscard]] bool accepted() const { return status >= 200 && status < 300; }
};

/// 200 with `body`.
[[nodiscard]] Answer ok(const nlohmann::json& body);

/// 409: a business refusal. It had no effect; `code` names the reason for the saga's table.
[[nodiscard]] Answer refused(const std::string& code, const std::string& message);

/// Any other refusal: `status` with a body of `code` and `message`.
[[nodiscard]] Answer problem(int status, const std::string& code, const std::string& message);

/// 400 with everything that is wrong, as `findings` of `where` and `why`.
[[nodiscard]] Answer bad_request(const std::string& message, const std::vector<Finding>& findings);

}  // namespace skald::services
