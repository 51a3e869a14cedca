#include "engine/participants/router.hpp"

#include "engine/model/invariant.hpp"

namespace skald {

void ParticipantRouter::invoke(const Operation& operation, Invocation invocation,
                               OnOutcome on_outcome) {
  const bool over_http = std::holds_alternative<HttpTarget>(operation.target);
  invariant(over_http || std::holds_alternative<FunctionTarget>(operation.target),
            "a child or publication was sent to the participants");
  Participant& transport = over_http ? http_ : functions_;
  transport.invoke(operation, std::move(invocation), std::move(on_outcome));
}

void ParticipantRouter::stop() {
  http_.stop();
  functions_.stop();
}

}  // namespace skald
