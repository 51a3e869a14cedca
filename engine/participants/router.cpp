#include "engine/participants/router.hpp"

namespace skald {

void ParticipantRouter::invoke(const Operation& operation, Invocation invocation,
                               OnOutcome on_outcome) {
  const bool over_http = std::holds_alternative<HttpTarget>(operation.target);
  Participant& transport = over_http ? http_ : functions_;
  transport.invoke(operation, std::move(invocation), std::move(on_outcome));
}

void ParticipantRouter::stop() {
  http_.stop();
  functions_.stop();
}

}  // namespace skald
