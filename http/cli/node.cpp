#include "http/cli/node.hpp"

#include <algorithm>

#include "engine/model/registry.hpp"
#include "engine/orchestrator/log.hpp"
#include "engine/orchestrator/orchestrator.hpp"
#include "engine/participants/function_participant.hpp"
#include "engine/participants/http_headers.hpp"
#include "engine/participants/http_participants.hpp"
#include "engine/participants/router.hpp"
#include "http/api/api.hpp"
#include "http/api/archive_line.hpp"
#include "http/api/saga_json.hpp"
#include "http/cli/crash_at.hpp"
#include "http/cli/definitions.hpp"
#include "http/dashboard/dashboard.hpp"
#include "http/server/router.hpp"
#include "http/server/server.hpp"
#include "storage/archive/gzip_archive.hpp"
#include "storage/sqlite/sqlite_store.hpp"

namespace skald::cli {

namespace {

using namespace std::chrono_literals;

Result<std::vector<HttpParticipantOptions>> participants_of(const ServeOptions& options) {
  std::vector<HttpParticipantOptions> all;
  for (const auto& text : options.participants) {
    auto one = parse_participant(text);
    if (!one) return one.error();
    one->concurrent_max = options.participant_concurrent;
    one->queue_max = options.participant_queue;
    all.push_back(std::move(*one));
  }
  if (const auto checked = check_participants(all); !checked) return checked.error();
  return all;
}

/// What the operations of a node may use.
struct Configured {
  std::vector<HttpParticipantOptions> participants;
  Secrets secrets;
};

Result<Configured> configured_by(const ServeOptions& options) {
  auto participants = participants_of(options);
  if (!participants) return participants.error();
  auto secrets = load_secrets(options.secrets);
  if (!secrets) return secrets.error();
  return Configured{std::move(*participants), std::move(*secrets)};
}

void warn_of_missing(const std::string& definition, const Step& step, const HttpTarget& target,
                     const Configured& known) {
  const auto is_its = [&](const HttpParticipantOptions& one) {
    return one.name == target.participant;
  };
  if (std::none_of(known.participants.begin(), known.participants.end(), is_its))
    log::warning("a participant is not configured",
                 {{"definition", definition},
                  {"step", step.id},
                  {"participant", target.participant},
                  {"option", "--participant " + target.participant + "=http://host:port"}});
  for (const Header& header : target.headers)
    for (const std::string& name : secrets_in(header.value))
      if (known.secrets.find(name) == nullptr)
        log::warning("a secret is not configured",
                     {{"definition", definition},
                      {"step", step.id},
                      {"secret", name},
                      {"option", "--secret " + name + "=env:VARIABLE"}});
}

/// Participants and secrets a definition uses and nobody configured: each such call would fail.
void warn_of_missing(const Registry& registry, const Configured& known) {
  for (const auto& definition : registry.all())
    for (const auto& step : definition->steps) {
      const Operation* const operations[] = {&step.call, step.undo ? &*step.undo : nullptr,
                                             step.probe ? &*step.probe : nullptr};
      for (const Operation* operation : operations) {
        if (operation == nullptr) continue;
        if (const auto* target = std::get_if<HttpTarget>(&operation->target))
          warn_of_missing(definition->ref.name, step, *target, known);
      }
    }
}

}  // namespace

struct Node::Impl {
  document::LoadOptions documents;
  Registry registry;
  std::unique_ptr<Store> store;
  std::unique_ptr<HttpParticipants> http_participants;
  std::unique_ptr<FunctionParticipant> functions;
  std::unique_ptr<ParticipantRouter> participants;
  http::LiveFeed live{[this](const SagaRow& row) { return http::summary_json(registry, row); }};
  std::unique_ptr<Orchestrator> orchestrator;
  std::unique_ptr<SagaArchive> archive;
  std::unique_ptr<Retention> retention;
  http::Agenda agenda;
  http::Agenda long_work;
  std::unique_ptr<http::Router> router;
  std::unique_ptr<http::Server> server;
  std::string address;
  std::chrono::milliseconds drain_time{};

  [[nodiscard]] Result<void> open(const ServeOptions& options);
  [[nodiscard]] Result<std::vector<FiledDefinition>> definitions_of(const ServeOptions& options,
                                                                    const Configured& configured);
  [[nodiscard]] Result<void> listen(const ServeOptions& options);
  [[nodiscard]] Result<void> open_engine(const ServeOptions& options, const Configured& configured,
                                         AtCrashPoint at_crash_point);
  [[nodiscard]] Result<void> run_engine(std::vector<FiledDefinition> files);
  [[nodiscard]] Result<void> open_archive(const ServeOptions& options);
  void begin_retention(const RetentionRules& rules, AtCrashPoint at_crash_point);
  [[nodiscard]] Result<void> serve();
  void stop(std::chrono::milliseconds grace);
};

/// Also from now on documents may name these participants, and no others, and are checked against
/// the definitions of this node.
Result<std::vector<FiledDefinition>> Node::Impl::definitions_of(const ServeOptions& options,
                                                                const Configured& configured) {
  documents.definitions = &registry;
  documents.participants.emplace();
  for (const auto& one : configured.participants) documents.participants->insert(one.name);
  return read_definition_files(options.definition_files, documents);
}

/// Everything an option can be wrong about comes before the data directory is touched, the address
/// that another process uses included.
Result<void> Node::Impl::open(const ServeOptions& options) {
  auto at_crash_point = parse_crash_at(options.crash_at);
  if (!at_crash_point) return at_crash_point.error();
  const auto configured = configured_by(options);
  if (!configured) return configured.error();
  auto files = definitions_of(options, *configured);
  if (!files) return files.error();
  const auto rules = retention_rules(options);
  if (!rules) return rules.error();
  if (auto listening = listen(options); !listening) return listening;
  if (auto opened = open_archive(options); !opened) return opened;
  if (auto opened = open_engine(options, *configured, *at_crash_point); !opened) return opened;
  if (auto running = run_engine(std::move(*files)); !running) return running;
  warn_of_missing(registry, *configured);
  begin_retention(*rules, std::move(*at_crash_point));
  return serve();
}

Result<void> Node::Impl::open_archive(const ServeOptions& options) {
  if (options.archive.empty()) return {};
  auto opened = open_gzip_archive({.directory = options.archive});
  if (!opened) return opened.error();
  archive = std::move(*opened);
  return {};
}

void Node::Impl::begin_retention(const RetentionRules& rules, AtCrashPoint at_crash_point) {
  if (!rules.age && !rules.count_max) return;
  retention = std::make_unique<Retention>(
      Retention::Parts{.orchestrator = *orchestrator,
                       .reader = store->reader(),
                       .definitions = registry,
                       .archive = archive.get(),
                       .line =
                           [this](const SagaRow& row) {
                             return http::archive_line(registry, store->reader(), row);
                           },
                       .at_crash_point = std::move(at_crash_point)},
      rules);
  retention->run();
}

Result<void> Node::Impl::open_engine(const ServeOptions& options, const Configured& configured,
                                     AtCrashPoint at_crash_point) {
  auto opened = open_sqlite_store({.directory = options.data});
  if (!opened) return opened.error();
  store = std::move(*opened);
  auto started = HttpParticipants::start(configured.participants, options.participant_threads,
                                         system_now, configured.secrets);
  if (!started) return started.error();
  http_participants = std::move(*started);
  functions = std::make_unique<FunctionParticipant>(options.function_workers);
  participants = std::make_unique<ParticipantRouter>(*http_participants, *functions);
  orchestrator =
      std::make_unique<Orchestrator>(OrchestratorParts{.definitions = registry,
                                                       .store = *store,
                                                       .participants = *participants,
                                                       .at_crash_point = std::move(at_crash_point),
                                                       .listener = &live});
  return {};
}

/// What sagas in the store run by must be known before they are recovered. What is new is
/// registered like what clients send, so it, too, is durable before anybody sees it.
Result<void> Node::Impl::run_engine(std::vector<FiledDefinition> files) {
  if (auto loaded = load_stored_definitions(store->writer(), documents.natives, registry); !loaded)
    return loaded;
  auto fresh = new_definitions(std::move(files), registry);
  if (!fresh) return fresh.error();
  if (auto recovered = orchestrator->recover(); !recovered) return recovered;
  orchestrator->run();
  return register_definitions(*orchestrator, std::move(*fresh));
}

Result<void> Node::Impl::listen(const ServeOptions& options) {
  const auto listen = parse_listen(options.listen);
  if (!listen) return listen.error();
  server = std::make_unique<http::Server>(
      http::ServerOptions{.address = listen->host,
                          .port = listen->port,
                          .threads = options.http_threads,
                          .on_defect =
                              [](std::string_view what) {
                                log::error("a request met a defect", {{"what", std::string(what)}});
                              }},
      [this](http::Request request, http::Respond respond) {
        router->handle(std::move(request), std::move(respond));
      });
  const auto port = server->listen();
  if (!port) return port.error();
  const bool ipv6 = listen->host.find(':') != std::string::npos;
  address = (ipv6 ? "[" + listen->host + "]" : listen->host) + ":" + std::to_string(*port);
  return {};
}

Result<void> Node::Impl::serve() {
  router = std::make_unique<http::Router>();
  http::add_routes(*router, {.orchestrator = *orchestrator,
                             .reader = store->reader(),
                             .definitions = registry,
                             .agenda = agenda,
                             .long_work = long_work,
                             .documents = documents,
                             .live = live,
                             .build = {SKALD_VERSION, SKALD_COMMIT, SKALD_COMPILER},
                             .retention = retention.get()});
  http::add_dashboard(*router);
  if (const auto started = server->start(); !started) return started.error();
  return {};
}

/// Clients hear 503 while what is in flight ends; only then does the server go. Participants stop
/// before the orchestrator is destroyed, because their replies are pushed into it.
void Node::Impl::stop(std::chrono::milliseconds grace) {
  if (retention) retention->stop();
  if (orchestrator) orchestrator->drain(grace);
  long_work.close();
  agenda.close();
  live.close();
  if (server) server->stop(1s);
  if (participants) participants->stop();
}

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Node::~Node() { impl_->stop(0ms); }

Result<std::unique_ptr<Node>> Node::open(const ServeOptions& options,
                                         std::vector<Definition> definitions,
                                         document::Natives functions) {
  auto impl = std::make_unique<Impl>();
  impl->drain_time = options.drain;
  impl->documents.natives = std::move(functions);
  for (auto& definition : definitions)
    if (auto added = impl->registry.add(std::move(definition)); !added) return added.error();
  auto node = std::make_unique<Node>(std::move(impl));
  if (auto opened = node->impl_->open(options); !opened) return opened.error();
  log::info("serving", {{"address", node->impl_->address}, {"data", options.data.string()}});
  return node;
}

const std::string& Node::address() const { return impl_->address; }

void Node::drain() { impl_->stop(impl_->drain_time); }

}  // namespace skald::cli
