#include "tests/bench/ledger.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <functional>

#include "engine/model/invariant.hpp"
#include "tests/bench/orders.hpp"

namespace skald::bench {

namespace {

/// Memory that is zero at first, and stays in `file` when the process is killed.
void* map_memory(std::size_t bytes, const std::filesystem::path& file) {
  const bool in_memory = file.empty();
  const int fd = in_memory ? -1 : open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  invariant(in_memory || ftruncate(fd, static_cast<off_t>(bytes)) == 0, "a ledger can be stored");
  const int flags = in_memory ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (fd >= 0) close(fd);
  invariant(memory != MAP_FAILED, "there is memory for a ledger");
  return memory;
}

}  // namespace

Ledger::Ledger(std::size_t orders, std::size_t slots, const std::filesystem::path& file)
    : slots_(slots),
      cells_(static_cast<Cell*>(map_memory(orders * slots * sizeof(Cell), file)), orders * slots) {
  static_assert(Cell::is_always_lock_free);
}

Ledger::~Ledger() { munmap(cells_.data(), cells_.size_bytes()); }

bool Ledger::note(std::size_t order, std::size_t slot, std::string_view key) {
  ++calls_;
  const auto at = order * slots_ + slot;
  if (slot >= slots_ || at >= cells_.size()) return ++doubled_, false;
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(key)) | 1U;
  std::uint32_t before = 0;
  if (cells_[at].compare_exchange_strong(before, hash)) return true;
  ++(before == hash ? repeated_ : doubled_);
  return false;
}

bool Ledger::has(std::size_t order, std::size_t slot) const {
  return cells_[order * slots_ + slot] != 0;
}

std::uint64_t Ledger::effects(std::size_t slot) const {
  std::uint64_t sum = 0;
  for (auto at = slot; at < cells_.size(); at += slots_) sum += cells_[at] != 0 ? 1 : 0;
  return sum;
}

void check_all_completed(const Ledger& ledger, std::size_t orders, Measured& measured) {
  for (std::size_t slot = 0; slot < order_slots; ++slot)
    measured.check_same("effects of slot " + std::to_string(slot), ledger.effects(slot),
                        slot < order_steps ? orders : 0);
  measured.check_same("doubled effects", ledger.doubled(), 0);
}

}  // namespace skald::bench
