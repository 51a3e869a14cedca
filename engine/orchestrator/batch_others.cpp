#include <nlohmann/json.hpp>

#include "engine/core/migrate.hpp"
#include "engine/model/codec.hpp"
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

void BatchRun::deliver(SagaKey key, const Publication& publication, Published& published) {
  Live& live = *parts_.live.find(key);
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
    for (const SagaKey saga : parts_.live.listeners(publication.topic, publication.key))
      deliver(saga, publication, *published);
    if (once) remember(request, print, SagaKey{}, text_of(*published));
  }
  grant_waiting();
  answers_.push_back([published = std::move(published),
                      answer = std::move(command.answer)](const Result<void>& commit) {
    answer(commit ? published : Result<Published>(commit.error()));
  });
}

/// The saga among those that run, also when it has completed; null when there is nothing to undo.
Result<Live*> BatchRun::take_up(const SagaId& id) {
  if (Live* live = parts_.live.find(id)) return live;
  const auto row = parts_.reader.find(id);
  if (!row) return row.error();
  if (!*row || (*row)->status != Status::completed) return static_cast<Live*>(nullptr);
  auto definition = parts_.definitions.find((*row)->definition.name, (*row)->definition.version);
  if (!definition)
    return Error{ErrorCode::not_found,
                 "The definition of the saga '" + id.value + "' is not registered any more.",
                 "Register it again, and retry.",
                 {}};
  auto instance = decode_instance(*definition, (*row)->instance);
  if (!instance) return instance.error();
  return &parts_.live.put({std::move(definition), std::move(*instance)});
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
    if (refused && is_end(before)) parts_.live.erase((*live)->instance.key);
  }
  grant_waiting();
  answers_.push_back([refused = std::move(refused),
                      answer = std::move(command.answer)](const Result<void>& commit) {
    if (!commit) return answer(commit.error());
    answer(refused ? Result<void>(*refused) : Result<void>());
  });
}

void BatchRun::migrate(MigrateCommand command) {
  const auto refuse = [&](Error why) {
    answers_.push_back([answer = std::move(command.answer),
                        why = std::move(why)](const Result<void>&) { answer(why); });
  };
  Live* live = parts_.live.find(command.saga);
  if (live == nullptr) return refuse(no_live_saga(command.saga));
  auto decision = skald::migrate(*live->definition, *command.to, live->instance, parts_.now);
  if (!decision) return refuse(decision.error());
  Migrated migrated{decision->instance.status, {}};
  for (const StateIndex state : decision->instance.active)
    migrated.active.push_back(command.to->at(state).name);
  answers_.push_back([migrated = std::move(migrated),
                      answer = std::move(command.answer)](const Result<void>& commit) {
    answer(commit ? Result<Migrated>(migrated) : Result<Migrated>(commit.error()));
  });
  if (command.dry_run) return;
  const Status before = live->instance.status;
  live->definition = std::move(command.to);
  accept(*live, std::move(*decision), before);
  grant_waiting();
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
  answers_.push_back(
      [result = std::move(result), answer = std::move(command.answer)](const Result<void>& commit) {
        answer(commit ? result : Result<Registered>(commit.error()));
      });
}

}  // namespace skald
