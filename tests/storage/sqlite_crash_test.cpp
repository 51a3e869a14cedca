// Real processes that are killed, and a real disk that is full.
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <random>

#include "tests/storage/child_process.hpp"
#include "tests/storage/sqlite_fixture.hpp"

namespace skald::test {

namespace {

constexpr std::int64_t sagas_per_batch = 3;

/// Commits batch after batch from where the store is, and reports the last key of each.
void write_for_ever(const SqliteOptions& options, const Child::Report& report) {
  const auto store = open_sqlite_store(options);
  if (!store) return;
  std::int64_t last = number(*(*store)->writer().last_key());
  while (commit(**store, batch_of(last + 1, sagas_per_batch)).ok()) {
    last += sagas_per_batch;
    report(last);
  }
}

TEST_CASE("a writer killed at any moment has lost no batch that it acknowledged") {
  SqliteFixture fixture;
  fixture.options.checkpoint_pages = 40;
  std::mt19937 chance(20261121);  // NOLINT: how many batches before the kill; the moment is free
  for (int round = 0; round < 25; ++round) {
    Child writer([&](const Child::Report& report) { write_for_ever(fixture.options, report); });
    std::int64_t acknowledged = 0;
    for (auto batches = chance() % 40 + 1; batches > 0; --batches) {
      const auto last = writer.next();
      REQUIRE(last.has_value());
      acknowledged = *last;
    }
    writer.kill();
    while (const auto last = writer.next()) acknowledged = *last;
    const auto sagas = whole_sagas(*fixture.open());
    const bool one_more = sagas == up_to(acknowledged + sagas_per_batch);
    CHECK_MESSAGE((sagas == up_to(acknowledged) || one_more), "round " << round);
  }
}

/// A small file system of its own at `directory`, seen by this process only.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path directory) : directory_(std::move(directory)) {
    mounted_ = ::unshare(CLONE_NEWNS) == 0 &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("none", directory_.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(directory_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool mounted() const { return mounted_; }

  [[nodiscard]] std::uint64_t free_bytes() const {
    struct statvfs status {};
    REQUIRE(::statvfs(directory_.c_str(), &status) == 0);
    return std::uint64_t{status.f_bavail} * status.f_bsize;
  }

 private:
  std::filesystem::path directory_;
  bool mounted_ = false;
};

/// Commits until the disk is full; gives the number of sagas that were acknowledged in all.
std::int64_t fill_up(Store& store, std::int64_t acknowledged) {
  for (;;) {
    const auto committed = commit(store, batch_of(acknowledged + 1, sagas_per_batch));
    if (!committed) {
      CHECK_MESSAGE(committed.error().code == ErrorCode::disk_full, committed.error().message);
      return acknowledged;
    }
    acknowledged += sagas_per_batch;
  }
}

TEST_CASE("a full disk refuses commits, and they work again by themselves when there is space") {
  const TemporaryDirectory directory;
  const SmallDisk disk(directory.path());
  if (!disk.mounted()) {
    MESSAGE("not permitted to mount a small file system; only the faulty VFS tests a full disk");
    return;
  }
  SqliteFixture fixture;
  fixture.options.directory = directory.path() / "data";
  fixture.options.checkpoint_pages = 20;
  const auto filler = directory.path() / "filler";
  auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, sagas_per_batch)).ok());
  write_bytes(filler, std::string(disk.free_bytes() / 2, 'f'));

  const std::int64_t acknowledged = fill_up(*store, sagas_per_batch);
  CHECK(fill_up(*store, acknowledged) == acknowledged);
  CHECK(whole_sagas(*store) == up_to(acknowledged));
  std::filesystem::remove(filler);
  std::int64_t more = acknowledged;
  for (int i = 0; i < 20; ++i, more += sagas_per_batch)
    REQUIRE(commit(*store, batch_of(more + 1, sagas_per_batch)).ok());
  CHECK(whole_sagas(*store) == up_to(more));

  store.reset();
  write_bytes(filler, std::string(disk.free_bytes(), 'f'));
  CHECK(disk.free_bytes() == 0);
  CHECK_MESSAGE(fixture.refusal().code == ErrorCode::disk_full, fixture.refusal().message);
  std::filesystem::remove(filler);
  CHECK(whole_sagas(*fixture.open()) == up_to(more));
}

}  // namespace

}  // namespace skald::test
