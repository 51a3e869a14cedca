#include <nlohmann/json.hpp>

#include "engine/core/migrate.hpp"
#include "engine/orchestrator/batch_run.hpp"

/// What reaches more than one saga, or none: publications, children, migrations, definitions.
namespace skald {

namespace {

std::string text_of(const Published& published) {
  return nlohmann::json{{"delivered", published.delivered}, {"refused", published.refused}}.dump();
}

Published published_of(const std::string& text) {
  const auto stored = nlohmann::json::parse(text);
  return {stored.at("delivered").get<std::uint64_t>(), stored.at("refused").get<std::uint64_t>()};
}

}  // namespace

void BatchRun::deliver(Live& live, const Publication& publication, Published& published) {
  const Status before = live.instance.status;
  auto decision =
      apply_to(live, {Receive{publication.topic, publication.payload}, parts_.random.next()});
  if (!decision || decision->refusal) {
    ++published.refused;
    return;
  }
  accept(live, std::move(*decision), before);
  ++published.delivered;
}

/// Every saga that has a signal `topic`, in order of their start: those in the store, and those
/// that started in this batch.
Result<std::vector<SagaKey>> BatchRun::all_listeners(const std::string& topic) {
  std::vector<SagaKey> found;
  const auto visited = parts_.committer.when_idle().for_each_live([&](const LiveRow& row) {
    const auto definition = parts_.definitions.find(row.definition.name, row.definition.version);
    if (definition && definition->find_signal(topic) != nullptr) found.push_back(row.key);
  });
  if (!visited) return visited.error();
  for (const auto& touched : touched_)
    if (!touched.stored &&
        parts_.live.find(touched.saga)->definition->find_signal(topic) != nullptr)
      found.push_back(touched.saga);
  return found;
}

/// To all or none: when one of them cannot be read, the sender may try again.
Result<Published> BatchRun::deliver_all(const Publication& publication) {
  const auto listeners = publication.key.empty()
                             ? all_listeners(publication.topic)
                             : Result(parts_.live.listeners(publication.topic, publication.key));
  if (!listeners) return listeners.error();
  std::vector<Live*> sagas;
  for (const SagaKey listener : *listeners) {
    const auto woken = wake(listener);
    if (!woken) return woken.error();
    if (*woken != nullptr) sagas.push_back(*woken);
  }
  Published published;
  for (Live* saga : sagas) deliver(*saga, publication, published);
  return published;
}

/// All of it is in one commit: under a key that is known, every saga has had it that should.
void BatchRun::publish(PublishCommand command) {
  const Publication& publication = command.publication;
  const std::uint64_t print = fingerprint(
      "publication " + publication.topic + " " + publication.key, publication.payload.text());
  const bool once = !publication.idempotency_key.empty();
  const std::string request = "event:" + publication.idempotency_key;
  const auto known = once ? seen(request, print) : std::optional<RequestRow>{};
  Result<Published> published = Published{};
  if (!known) {
    published = known.error();
  } else if (*known) {
    published = published_of((*known)->answer);
  } else {
    published = deliver_all(publication);
    if (once && published) remember(request, print, SagaKey{}, text_of(*published));
  }
  grant_waiting();
  tell(std::move(command.answer), std::move(published));
}

/// The saga among those that run, also when it has completed; null when there is nothing to undo.
Result<Live*> BatchRun::take_up(const SagaId& id) {
  if (Live* live = parts_.live.find(id)) return live;
  const auto row = parts_.reader.find(id);
  if (!row || !*row || (*row)->status != Status::completed) return read(row);
  auto saga = read_saga(parts_.definitions, parts_.reader, **row);
  if (!saga) return saga.error();
  woken_.push_back(saga->instance.key);
  return &parts_.live.put(std::move(*saga));
}

void BatchRun::undo_child(UndoChildCommand command) {
  auto live = take_up(command.child);
  std::optional<Error> refused;
  if (!live) {
    refused = live.error();
  } else if (*live != nullptr) {
    const Status before = (*live)->instance.status;
    auto decision = apply_to(**live, {UndoChild{command.reason}, parts_.random.next()});
    if (decision && decision->refusal) refused = *decision->refusal;
    if (decision && decision->changed) accept(**live, std::move(*decision), before);
  }
  grant_waiting();
  tell(std::move(command.answer), refused ? Result<void>(*refused) : Result<void>());
}

void BatchRun::migrate(MigrateCommand command) {
  const auto refuse = [&](Error why) {
    tell(std::move(command.answer), Result<Migrated>(std::move(why)));
  };
  const auto woken = wake(command.saga);
  if (!woken) return refuse(woken.error());
  Live* live = *woken;
  if (live == nullptr) return refuse(no_live_saga(command.saga));
  auto decision = skald::migrate(*live->definition, *command.to, live->instance, now_);
  if (!decision) return refuse(decision.error());
  Migrated migrated{decision->instance.status, {}};
  for (const StateIndex state : decision->instance.active)
    migrated.active.push_back(command.to->at(state).name);
  tell(std::move(command.answer), Result(std::move(migrated)));
  if (command.dry_run) return;
  const Status before = live->instance.status;
  live->definition = std::move(command.to);
  accept(*live, std::move(*decision), before, true);
  grant_waiting();
}

/// Whether they have ended is looked up here, where nothing moves them meanwhile.
void BatchRun::remove(RemoveCommand command) {
  Result<std::size_t> removed = std::size_t{0};
  for (const SagaKey key : command.sagas) {
    if (parts_.live.find(key) != nullptr) continue;
    const auto row = parts_.reader.find(key);
    if (!row) {
      removed = row.error();
      break;
    }
    if (!*row || !is_end((*row)->status)) continue;
    removed_.push_back(key);
    ++*removed;
  }
  if (command.requests_before) requests_before_ = command.requests_before;
  tell(std::move(command.answer), std::move(removed));
}

void BatchRun::add_definition(RegisterCommand command) {
  const auto& wanted = command.definition;
  auto held = parts_.definitions.find(wanted->ref.name, wanted->ref.version);
  for (const auto& one : registered_)
    if (one->ref == wanted->ref) held = one;
  Result<Registered> result = Registered{held != nullptr};
  if (held && (held->hash.empty() || held->hash != wanted->hash))
    result = Error{ErrorCode::id_conflict,
                   "'" + wanted->ref.name + "' version " + std::to_string(wanted->ref.version) +
                       " is registered with other content.",
                   "Raise the version when a definition changes.",
                   {}};
  if (!held) registered_.push_back(wanted);
  tell(std::move(command.answer), std::move(result));
}

}  // namespace skald
