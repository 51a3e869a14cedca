#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

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
  std::optional<Parent> parent;  ///< the step it runs for, when a saga starts it
  std::string reason{};          ///< why it is started, for its history
  std::string actor{};           ///< who starts it, for its history
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

/// An event for every saga that listens to it.
struct Publication {
  std::string topic;  ///< the name of the signal
  std::string key;    ///< its correlation key; empty: every saga with such a signal
  Json payload;
  std::string idempotency_key;  ///< empty: none
};

/// The answer to a publication; to a repeated one, that of the first.
struct Published {
  std::uint64_t delivered = 0;  ///< sagas that took it
  std::uint64_t refused = 0;    ///< sagas that did not wait for it
};
using OnPublished = std::function<void(Result<Published>)>;

/// The answer to a migration, or what it would be.
struct Migrated {
  Status status{};
  std::vector<std::string> active;  ///< names of the active states in the new version
};
using OnMigrated = std::function<void(Result<Migrated>)>;

/// The answer to the registration of a definition.
struct Registered {
  bool replayed = false;  ///< the same document was registered before
};
using OnRegistered = std::function<void(Result<Registered>)>;

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
  std::string idempotency_key;  ///< of this saga's actions; empty: none
  OnActed answer;
  std::optional<std::int64_t> if_revision{};  ///< only if the saga is at this one
};
struct StartManyCommand {
  std::vector<StartCommand> starts;
};
struct ReplyCommand {
  SagaKey saga{};
  Reply reply;
  bool outside = true;  ///< the attempt went to a participant, and counts as in flight
};
struct PublishCommand {
  Publication publication;
  OnPublished answer;
};
struct UndoChildCommand {
  SagaId child;
  std::string reason;
  std::function<void(Result<void>)> answer;
};
struct MigrateCommand {
  SagaId saga;
  std::shared_ptr<const Definition> to;
  bool dry_run = false;
  OnMigrated answer;
};
struct RegisterCommand {
  std::shared_ptr<const Definition> definition;
  OnRegistered answer;
};
/// Sagas that have ended, to be deleted.
struct RemoveCommand {
  std::vector<SagaKey> sagas;
  std::optional<Timestamp> requests_before;         ///< and requests of no saga that are older
  std::function<void(Result<std::size_t>)> answer;  ///< how many sagas were removed
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
using Command = std::variant<StartCommand, ActCommand, ReplyCommand, WatchCommand, UnwatchCommand,
                             PublishCommand, UndoChildCommand, MigrateCommand, RegisterCommand,
                             StartManyCommand, RemoveCommand>;

/// Who is answered, when `command` cannot even be queued.
template <class Request>
[[nodiscard]] auto answer_of(const Request& command) {
  return command.answer;
}
[[nodiscard]] std::function<void(const Error&)> answer_of(const StartManyCommand& command);

/// A 64-bit fingerprint (FNV-1a) of everything that makes two start requests the same.
[[nodiscard]] std::uint64_t fingerprint(const StartRequest& request);

/// The same of an action or publication: `kind` and its content.
[[nodiscard]] std::uint64_t fingerprint(std::string_view kind, std::string_view content);

}  // namespace skald
