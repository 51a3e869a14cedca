#pragma once

#include <sys/types.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace skald::bench {

/// This program once more, in another role: what shares the machine with the engine but must not
/// share its figures. It ends with its parent, and is killed when this object goes.
class Child {
 public:
  /// Plays `role` with `parameters`; see roles.hpp.
  Child(const std::string& role, const nlohmann::json& parameters);
  /// Another program, which does not speak with us.
  explicit Child(std::vector<std::string> program_and_arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// The next line it says; none when it has ended or says nothing within `patience`.
  [[nodiscard]] std::optional<nlohmann::json> hear(std::chrono::milliseconds patience);
  /// The same, of a child that must say something; otherwise ends this process.
  [[nodiscard]] nlohmann::json expect(std::chrono::milliseconds patience);

  /// Says a line to it.
  void tell(const std::string& line) const;

  /// Ends it with SIGKILL.
  void kill();

  /// Waits for its end: its exit code, or 128 and its signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  int code_ = -1;
  std::string heard_;
};

/// Says a line to the parent.
void say_to_parent(const nlohmann::json& line);

/// Blocks until the parent says something; none when it has nothing more to say.
[[nodiscard]] std::optional<std::string> hear_parent();

}  // namespace skald::bench
