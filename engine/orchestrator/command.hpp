#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "engine/model/event.hpp"

namespace skald {

/// What a client asks for when it starts a saga. Checked by the caller: the input fits the
/// definition.
struct StartRequest {
  std::shared_ptr<const Definition> definition;
  std::uint32_t version_asked = 0;  ///< 0: the newest; a replay compares what was asked for
  std::optional<SagaId> id;         ///< chosen by the client; none: one is made
  std::string idempotency_key;      ///< empty: none
  std::string business_key;
  std::map<std::string, std::string> tags;
  Json input;
};

/// The answer to a start.
struct Started {
  SagaId id;
  bool replayed = false;  ///< an earlier request with this key or id started it
};
using OnStarted = std::function<void(Result<Started>)>;

/// The answer to an operator's or client's action.
struct Acted {
  Status status{};
  std::int64_t revision = 0;
};
using OnActed = std::function<void(Result<Acted>)>;

/// Names a wait, so that it can be given up.
enum class WatchId : std::uint64_t {};

/// Commands: what the orchestrator's thread is asked to do, in order of arrival.
struct StartCommand {
  StartRequest request;
  OnStarted answer;
};
struct ActCommand {
  SagaId saga;
  Event event;
  OnActed answer;
};
struct ReplyCommand {
  SagaKey saga{};
  Reply reply;
};
struct WatchCommand {
  WatchId watch{};
  SagaId saga;
  std::function<void()> ended;
};
struct UnwatchCommand {
  WatchId watch{};
  SagaId saga;
};
using Command = std::variant<StartCommand, ActCommand, ReplyCommand, WatchCommand, UnwatchCommand>;

/// A 64-bit fingerprint (FNV-1a) of everything that makes two start requests the same.
[[nodiscard]] std::uint64_t fingerprint(const StartRequest& request);

}  // namespace skald
