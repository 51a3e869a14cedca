#include "tests/bench/archive.hpp"

#include "engine/model/codec.hpp"
#include "engine/model/invariant.hpp"
#include "engine/orchestrator/clock.hpp"
#include "engine/orchestrator/stored_instance.hpp"
#include "engine/participants/function_participant.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/saga_load.hpp"

namespace skald::bench {

namespace {

constexpr std::uint64_t batch_size = 10'000;
constexpr std::uint64_t progress_every = 1'000'000;

/// An order as the engine leaves it when it has ended, of few bytes; by running one.
Instance ended_order(const std::filesystem::path& data, const Definition& definition) {
  FunctionParticipant functions(1);
  EngineHost host(data, {definition}, functions);
  host.start();
  static_cast<void>(start_sagas(
      {.engine = host.engine(),
       .definition = host.definition("order"),
       .sagas = 1,
       .at_once = 1,
       .input = [](std::size_t) -> std::string { return R"({"at":0,"note":"","order":0})"; }}));
  const auto rows = host.store().reader().list({}, std::nullopt, 1);
  invariant(rows.ok() && rows->size() == 1, "one order has ended");
  Registry registry;
  invariant(registry.add(definition).ok(), "the order is defined");
  auto saga = read_saga(registry, host.store().reader(), rows->front());
  invariant(saga.ok(), "an order can be read");
  return std::move(saga->instance);
}

/// Makes the rows of an archive from one instance.
struct Copying {
  const Archive& archive;
  const Definition& definition;
  Instance instance;

  SagaRow row(std::uint64_t saga) {
    instance.key = SagaKey{static_cast<std::int64_t>(saga)};
    instance.id.value = "past-" + std::to_string(saga);
    instance.business_key = Archive::business_key(saga);
    instance.status = saga % 100 == 0 ? Status::compensated : Status::completed;
    instance.created = archive.started(saga);
    instance.updated = instance.created + Duration(100);
    instance.ended = instance.updated;
    return {.key = instance.key,
            .id = instance.id,
            .definition = instance.definition,
            .business_key = instance.business_key,
            .status = instance.status,
            .created = instance.created,
            .updated = instance.updated,
            .ended = instance.ended,
            .revision = instance.revision,
            .instance = encode_instance(definition, instance),
            .change = RowChange::started};
  }
};

}  // namespace

std::string Archive::business_key(std::uint64_t saga) {
  return "customer-" + std::to_string(saga / 3);
}

Archive make_archive(const std::filesystem::path& data, std::uint64_t sagas,
                     const std::function<void(std::uint64_t)>& progress) {
  const auto age = std::chrono::hours(1) + Duration(sagas);
  const Archive archive{.sagas = sagas, .first = system_now() - age};
  const auto definition = order_of_functions([](const Invocation&) { return Done{}; });
  const auto sample = data.parent_path() / "sample";
  Copying copying{archive, definition, ended_order(sample, definition)};
  std::filesystem::remove_all(sample);
  auto store = open_sqlite_store({.directory = data});
  invariant(store.ok(), store ? "" : store.error().message);
  auto& writer = (*store)->writer();
  for (std::uint64_t saga = 1; saga <= sagas;) {
    Batch batch;
    for (; saga <= sagas && batch.sagas.size() < batch_size; ++saga)
      batch.sagas.push_back(copying.row(saga));
    const auto committed = writer.commit(writer.epoch(), batch);
    invariant(committed.ok(), committed ? "" : committed.error().message);
    if ((saga - 1) % progress_every == 0) progress(saga - 1);
  }
  return archive;
}

}  // namespace skald::bench
