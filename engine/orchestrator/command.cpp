#include "engine/orchestrator/command.hpp"

namespace skald {

namespace {

/// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/; each part ends with a byte no UTF-8 text
/// has.
struct Fnv {
  std::uint64_t hash = 14695981039346656037ULL;
  void part(std::string_view text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    byte(0xff);
  }
  void byte(unsigned char value) { hash = (hash ^ value) * 1099511628211ULL; }
};

}  // namespace

std::uint64_t fingerprint(const StartRequest& request) {
  Fnv fnv;
  fnv.part(request.definition->ref.name);
  fnv.part(std::to_string(request.version_asked));
  fnv.part(request.id ? request.id->value : "");
  fnv.part(request.business_key);
  for (const auto& [name, value] : request.tags) {
    fnv.part(name);
    fnv.part(value);
  }
  fnv.part(request.input.text());
  return fnv.hash;
}

std::uint64_t fingerprint(std::string_view kind, std::string_view content) {
  Fnv fnv;
  fnv.part(kind);
  fnv.part(content);
  return fnv.hash;
}

std::function<void(const Error&)> answer_of(const StartManyCommand& command) {
  std::vector<OnStarted> answers;
  answers.reserve(command.starts.size());
  for (const auto& start : command.starts) answers.push_back(start.answer);
  return [answers = std::move(answers)](const Error& why) {
    for (const auto& answer : answers) answer(why);
  };
}

}  // namespace skald
