#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/core_driver.hpp"

/// A saga in both languages: as the C++ table declares it, and as its document does.
namespace skald::test {

/// The definition that sagas/<file> declares; fails the test with every finding where it is not
/// acceptable.
[[nodiscard]] Definition from_document(const std::string& file);

/// The definition of a table; fails the test likewise.
[[nodiscard]] Definition from_table(const Result<Definition>& made);

/// The full form of a definition with what one language says by an expression and the other by a
/// function made alike: request bodies, conditions, times and what is set are "…".
[[nodiscard]] std::string structure(const Definition& definition);

/// Something that happens to a saga.
struct Move {
  enum class What { done, named, refused, lost, signal, time, cancel };
  What what = What::done;
  std::string name{};     ///< of the call as Driver names it, or of the signal
  std::string payload{};  ///< of the signal, output of the call, outcome, or code of the refusal
};
inline Move done(std::string call, std::string output) {
  return {Move::What::done, std::move(call), std::move(output)};
}
inline Move refused(std::string call, std::string code) {
  return {Move::What::refused, std::move(call), std::move(code)};
}
inline Move signal(std::string name, std::string payload = "{}") {
  return {Move::What::signal, std::move(name), std::move(payload)};
}
/// The next retry or timer is due.
inline Move time() { return {Move::What::time}; }
inline Move cancel() { return {Move::What::cancel}; }

/// Both twins of a saga, to which everything happens alike. After every move everything that can be
/// seen of them is compared: calls with their bodies and addresses, states, history, data, timers.
class Twins {
 public:
  Twins(const Definition& table, const Definition& document, std::string_view input,
        const std::vector<Move>& way = {});

  void move(const Move& move);
  /// Answers every call with done, and with what the way answers to it; lets time pass, until the
  /// saga waits or has ended.
  void finish();

  [[nodiscard]] const Driver& saga() const { return table_; }
  /// The latest call of `name`, e.g. "debit" or "undo debit", as "POST body" or "address body".
  [[nodiscard]] std::string sent(const std::string& name) const;

 private:
  template <class Act>
  void both(Act act);
  void compare();

  Driver table_;
  Driver document_;
  std::map<std::string, std::string> outputs_;  ///< by call, as the way has them
  std::map<std::string, std::string> sent_;
};

/// Plays `way`, and every way that leaves it at some point because the call under way is refused,
/// is never answered, or the saga is cancelled or comes to its deadline. The twins must not differ.
/// Gives the saga at the end of `way`.
Driver play(const Definition& table, const Definition& document, std::string_view input,
            const std::vector<Move>& way);

/// What the heading of a definition makes of an input: business key, tags, locks and correlations;
/// or that it "is refused".
[[nodiscard]] std::string heading(const Definition& definition, std::string_view input);

}  // namespace skald::test
