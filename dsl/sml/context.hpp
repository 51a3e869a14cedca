#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "dsl/sml/names.hpp"
#include "engine/model/view.hpp"

namespace skald::sml {

/// The C++ events on their way through a machine that is run by itself. Their payload in the engine
/// is their number here, so that an event that is deferred or raised keeps its object.
class Objects {
 public:
  /// Takes the event in and gives its payload.
  nlohmann::json add(std::shared_ptr<const void> object);
  /// Null when the payload is no number of one.
  [[nodiscard]] const void* find(const nlohmann::json& payload) const;
  /// A transition that expects the event was taken.
  void handled(const nlohmann::json& payload);
  /// Whether everything that was added since start() was handled.
  [[nodiscard]] bool all_handled() const { return open_ == 0; }
  /// What was deferred until now answers for itself no more.
  void start();
  /// Forgets all but these.
  void keep_only(const std::vector<std::uint64_t>& numbers);

 private:
  struct Entry {
    std::shared_ptr<const void> object;
    bool handled = false;
  };
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t last_ = 0;
  std::size_t open_ = 0;
};

/// What guards and actions are given beside the saga and the event: objects, by their type. Shared
/// by all guards and actions of one definition, and immutable once it is built.
class Surroundings {
 public:
  /// `owner` may be null: then the object must outlive whatever uses it.
  void add(TypeTag type, const void* object, std::shared_ptr<const void> owner);
  /// Null when there is none of that type.
  [[nodiscard]] const void* find(TypeTag type) const;

  std::unique_ptr<Objects> objects{};  ///< null in a saga
  std::exception_ptr thrown{};         ///< by a guard or action of a machine run by itself

 private:
  struct Entry {
    TypeTag type;
    const void* object;
    std::shared_ptr<const void> owner;
  };
  std::vector<Entry> entries_;
};

/// What the arguments of one call of a guard or action are taken from.
struct Context {
  const SagaView& saga;
  const EventView& event;
  nlohmann::json* data;  ///< of the saga; null for a guard
  const Surroundings& around;

  /// The C++ event, or null in a saga, where the event has a payload.
  [[nodiscard]] const void* object() const {
    return around.objects ? around.objects->find(event.payload) : nullptr;
  }
};

}  // namespace skald::sml
