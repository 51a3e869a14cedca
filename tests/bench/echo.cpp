#include <nlohmann/json.hpp>

#include "tests/bench/child.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/peer_server.hpp"
#include "tests/bench/roles.hpp"

namespace skald::bench {

int play_echo(const nlohmann::json&) {
  const auto listening = listen_on_loopback();
  say_to_parent({{"port", listening.port}});
  const auto answer = answer_text(200, step_output());
  serve_until_told(
      listening, [&](const Message&) { return answer; }, [](const std::string&) {});
  return 0;
}

}  // namespace skald::bench
