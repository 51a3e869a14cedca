// How fast the SQLite store commits and lists on this machine. Not a test: nothing is asserted.
//
// skald_storage_bench DIRECTORY [TRANSITIONS] [BATCH]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "storage/sqlite/sqlite_store.hpp"

namespace {

using namespace skald;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t transitions_per_saga = 4;
const std::string instance_text(1024, 'i');
const std::string history_text(160, 'h');

double micros_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
}

/// Transition `revision` of saga `key`, with its history, and at the start its request.
void add_transition(Batch& batch, std::int64_t key, std::int64_t revision) {
  const Timestamp created{Duration(1'700'000'000'000 + key)};
  const bool last = revision == transitions_per_saga;
  SagaRow row;
  row.key = SagaKey{key};
  row.id.value = "saga-" + std::to_string(key);
  row.definition = {"transfer-" + std::to_string(key % 7), 1};
  row.business_key = "order-" + std::to_string(key / 3);
  row.status = last ? (key % 100 == 0 ? Status::compensated : Status::completed) : Status::running;
  row.created = created;
  row.updated = created + Duration(revision);
  if (last) row.ended = row.updated;
  row.revision = revision;
  row.instance = instance_text;
  batch.sagas.push_back(std::move(row));
  batch.history.push_back({SagaKey{key}, revision, created, history_text});
  if (revision == 1)
    batch.requests.push_back({"start-id:saga-" + std::to_string(key), 1, SagaKey{key}, created});
}

/// Sagas move in waves: a wave starts, takes its next transition in each following batch, and ends.
void write(Store& store, std::int64_t transitions, std::int64_t per_batch) {
  const std::int64_t wave = std::max<std::int64_t>(1, per_batch / transitions_per_saga);
  std::vector<double> latencies;
  std::int64_t done = 0;
  double spent = 0;
  for (std::int64_t newest = 0; done < transitions; ++newest) {
    Batch batch;
    for (std::int64_t age = 0; age < transitions_per_saga && age <= newest; ++age)
      for (std::int64_t i = 0; i < wave; ++i)
        add_transition(batch, (newest - age) * wave + i + 1, age + 1);
    const auto begun = Clock::now();
    const auto committed = store.writer().commit(store.writer().epoch(), batch);
    latencies.push_back(micros_since(begun));
    spent += latencies.back();
    if (!committed) {
      std::printf("%s\n", committed.error().message.c_str());
      std::exit(1);
    }
    done += static_cast<std::int64_t>(batch.sagas.size());
  }
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double part) {
    return latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))];
  };
  std::printf(
      "%lld transitions, batch %lld: %.0f /s; commit p50 %.0f us, p99 %.0f us, max %.0f us\n",
      static_cast<long long>(done), static_cast<long long>(per_batch),
      static_cast<double>(done) / spent * 1e6, at(0.5), at(0.99), at(1));
}

void time_list(Store& store, const char* name, const SagaFilter& filter) {
  constexpr int rounds = 200;
  std::size_t rows = 0;
  const auto begun = Clock::now();
  for (int i = 0; i < rounds; ++i) {
    const auto page = store.reader().list(filter, std::nullopt, 50);
    rows = page ? page->size() : 0;
  }
  std::printf("list %-28s %3zu rows %8.0f us\n", name, rows, micros_since(begun) / rounds);
}

void read(Store& store) {
  const auto begun = Clock::now();
  std::int64_t live = 0;
  const auto recovered = store.writer().for_each_live([&live](const LiveRow&) { ++live; });
  std::printf("%lld live sagas read in %.0f us\n", static_cast<long long>(recovered ? live : -1),
              micros_since(begun));
  const auto last = number(*store.writer().last_key());
  const Timestamp middle{Duration(1'700'000'000'000 + last / 2)};
  time_list(store, "all", {});
  time_list(store, "completed", {{Status::completed}, "", "", {}, {}});
  time_list(store, "stuck (none)", {{Status::stuck}, "", "", {}, {}});
  time_list(store, "running or compensated",
            {{Status::running, Status::compensated}, "", "", {}, {}});
  time_list(store, "definition", {{}, "transfer-3", "", {}, {}});
  time_list(store, "definition and status", {{Status::completed}, "transfer-3", "", {}, {}});
  time_list(store, "business key", {{}, "", "order-" + std::to_string(last / 6), {}, {}});
  time_list(store, "created before the middle", {{}, "", "", {}, middle});
  time_list(store, "created long ago", {{}, "", "", {}, Timestamp{Duration(1'700'000'000'100)}});
  time_list(store, "100 ms in the middle", {{}, "", "", middle, middle + Duration(20)});
  time_list(store, "compensated before middle", {{Status::compensated}, "", "", {}, middle});
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::printf("usage: skald_storage_bench DIRECTORY [TRANSITIONS] [BATCH]\n");
    return 2;
  }
  SqliteOptions options;
  options.directory = arguments[1];
  auto store = open_sqlite_store(options);
  if (!store) {
    std::printf("%s\n", store.error().message.c_str());
    return 1;
  }
  if (*(*store)->writer().last_key() == SagaKey{})
    write(**store, count > 2 ? std::atoll(arguments[2]) : 1'000'000,
          count > 3 ? std::atoll(arguments[3]) : 256);
  read(**store);
  return 0;
}
