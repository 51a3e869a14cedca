#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"
#include "http/cli/node.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/measured.hpp"

namespace skald::bench {

/// The participants of orders over HTTP, in a process of their own.
class Participants {
 public:
  /// For orders from 0 to `orders` - 1.
  explicit Participants(std::size_t orders);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  struct Report {
    std::uint64_t calls = 0;
    std::uint64_t repeated = 0;
    std::uint64_t doubled = 0;
    std::vector<std::uint64_t> effects;  ///< by slot
    Latencies starts;                    ///< from when an order was due to its first call
    Latencies gaps;                      ///< from the answer of a step to the call of the next
  };
  [[nodiscard]] Report report();

 private:
  Child child_;
  std::uint16_t port_;
};

/// Adds failures unless all three steps of `orders` orders had their effect once and none was
/// undone.
void check_all_completed(const Participants::Report& report, std::size_t orders,
                         Measured& measured);

/// A node of the program in this process: store, engine and REST API.
class NodeHost {
 public:
  /// `participants`: "name=http://…". It takes 64 calls of each at once, and lets 10,000 wait.
  NodeHost(const std::filesystem::path& data, std::vector<Definition> definitions,
           std::vector<std::string> participants);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// A sample of /metrics, e.g. `skald_transitions_total`; the sum of all whose line begins so.
  [[nodiscard]] double metric(const std::string& name) const;

  /// Waits until no more than `count` sagas are live; false when that takes longer than `patience`.
  [[nodiscard]] bool wait_for_live(std::size_t count, std::chrono::seconds patience) const;

  void close();

 private:
  std::unique_ptr<cli::Node> node_;
  std::uint16_t port_ = 0;
};

/// Orders that a process of its own starts over the REST API.
struct OrderLoad {
  std::uint16_t port = 0;
  std::size_t connections = 64;
  double rate = 0;                   ///< see LoadPlan
  std::size_t orders = 0;            ///< how many to start at most
  std::chrono::milliseconds span{};  ///< how long to start them
  std::size_t first = 0;             ///< number of the first
  bool wait = false;                 ///< the client asks for the answer when the order has ended
  std::string definition = "order";
  std::vector<std::string> definitions{};  ///< several, by turns, instead of the one
  std::size_t items = 0;  ///< instead of a note, the input has this many items, numbered through
};

/// Such a load while it goes on.
class OrderClients {
 public:
  explicit OrderClients(const OrderLoad& load);
  /// Waits for its end.
  [[nodiscard]] LoadResult result();

 private:
  Child child_;
};

/// Starts that were answered with success.
[[nodiscard]] std::size_t accepted(const LoadResult& result);

/// What GET `target` of a server on this machine answers.
[[nodiscard]] std::string get_body(std::uint16_t port, const std::string& target);

}  // namespace skald::bench
