#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dsl/json/load.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/result.hpp"
#include "http/cli/serve_options.hpp"

namespace skald::cli {

/// A running node: store, participants, orchestrator and HTTP server, put together. The one place
/// that knows all of them.
class Node {
 public:
  /// Opens the store, recovers, registers the definitions in the options' files, and serves.
  /// `functions` are those that documents may name. Errors name the option to change.
  [[nodiscard]] static Result<std::unique_ptr<Node>> open(const ServeOptions& options,
                                                          std::vector<Definition> definitions,
                                                          document::Natives functions = {});
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Where it listens, e.g. "127.0.0.1:7070".
  [[nodiscard]] const std::string& address() const;

  /// Lets what is in flight end (at most the options' drain time), then stops everything.
  void drain();

  struct Impl;
  explicit Node(std::unique_ptr<Impl> impl);  ///< for open()

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald::cli
