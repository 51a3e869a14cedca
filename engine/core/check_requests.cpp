#include "engine/core/checks.hpp"
#include "engine/model/http_rules.hpp"

namespace skald::core {

namespace {

void request(Checks& checks, StepIndex step, const Operation& operation) {
  const auto* target = std::get_if<HttpTarget>(&operation.target);
  if (target == nullptr) return;
  const std::string of = " of '" + operation.name + "' ";
  if (!target->method.empty() && !is_token(target->method))
    checks.add(step, "cannot be sent: the method" + of + "is no token; use POST, GET, …", "HTTP");
  // Without a path, it is made for each saga, or what made the definition has said that it lacks.
  if (!target->path.empty() && !operation.address)
    if (const auto fault = wrong_path(target->path))
      checks.add(step, "cannot be sent: the path" + of + fault->why + ". " + fault->hint, "HTTP");
  for (const auto& fault : header_faults(target->headers))
    checks.add(step,
               "cannot be sent: header " + std::to_string(fault.index + 1) + of +
                   "is refused: " + fault.why,
               "HEADER");
}

}  // namespace

void check_requests(Checks& checks) {
  for (std::size_t i = 0; i < checks.d.steps.size(); ++i) {
    const Step& step = checks.d.steps[i];
    request(checks, static_cast<StepIndex>(i), step.call);
    if (step.undo) request(checks, static_cast<StepIndex>(i), *step.undo);
    if (step.probe) request(checks, static_cast<StepIndex>(i), *step.probe);
  }
}

}  // namespace skald::core
