#include "tests/bench/http_load.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "engine/model/invariant.hpp"
#include "tests/bench/wire.hpp"

namespace skald::bench {

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  int socket = -1;
  std::string in;
  bool busy = false;       ///< a request is on its way
  std::size_t number = 0;  ///< of that request
  Clock::time_point due;
};

int status_of(const Message& answer) {
  int status = 0;
  const auto word = second_word(answer.head);
  std::from_chars(word.data(), word.data() + word.size(), status);
  return status;
}

class Load {
 public:
  Load(const LoadPlan& plan, const Requesting& requesting, const Answered& answered)
      : plan_(plan), requesting_(requesting), answered_(answered), connections_(plan.connections) {
    prctl(PR_SET_TIMERSLACK, 1);
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
    free_.resize(connections_.size());
    for (std::size_t i = 0; i < free_.size(); ++i) free_[i] = i;
  }
  ~Load() {
    for (const auto& connection : connections_) close(connection.socket);
    close(poll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadResult run() {
    begun_ = Clock::now();
    while (more() || free_.size() < connections_.size()) {
      while (more() && !free_.empty() && is_due()) send_next();
      receive();
    }
    result_.took = Clock::now() - begun_;
    return std::move(result_);
  }

 private:
  void connect(std::size_t index) {
    connections_[index].socket = connect_to(plan_.port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    epoll_ctl(poll_, EPOLL_CTL_ADD, connections_[index].socket, &event);
  }

  /// When the next request is to be sent. In a closed loop that is now.
  [[nodiscard]] Clock::time_point due() const {
    if (plan_.rate <= 0) return Clock::now();
    const auto after = Seconds(static_cast<double>(result_.sent) / plan_.rate);
    return begun_ + std::chrono::duration_cast<Clock::duration>(after);
  }

  [[nodiscard]] bool is_due() const { return plan_.rate <= 0 || due() <= Clock::now(); }

  [[nodiscard]] bool more() const {
    return result_.sent < plan_.requests && Clock::now() - begun_ < plan_.span;
  }

  void send_next() {
    const auto index = free_.back();
    free_.pop_back();
    auto& connection = connections_[index];
    connection.busy = true;
    connection.due = due();
    connection.number = result_.sent++;
    const auto text = requesting_(connection.number, connection.due);
    const auto sent = send(connection.socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(text.size())) broken(index);
  }

  void receive() {
    timespec wait{.tv_sec = 1, .tv_nsec = 0};
    if (more() && !free_.empty()) {
      const auto left = std::clamp<std::int64_t>((due() - Clock::now()).count(), 0, 999'999'999);
      wait = {.tv_sec = 0, .tv_nsec = left};
    }
    std::array<epoll_event, 256> ready{};
    const int count = epoll_pwait2(poll_, ready.data(), ready.size(), &wait, nullptr);
    for (int i = 0; i < count; ++i) read_from(ready[static_cast<std::size_t>(i)].data.u64);
  }

  void read_from(std::size_t index) {
    auto& connection = connections_[index];
    std::array<char, 65536> bytes{};
    const auto size = recv(connection.socket, bytes.data(), bytes.size(), 0);
    if (size <= 0) return broken(index);
    connection.in.append(bytes.data(), static_cast<std::size_t>(size));
    const auto answer = message_in(connection.in);
    if (!answer) return;
    const int status = status_of(*answer);
    ++result_.statuses[status];
    const auto took = Clock::now() - connection.due;
    if (status < 400) result_.latencies.add(took);
    if (answered_) answered_(connection.number, status, answer->body, took);
    release(index);
  }

  void broken(std::size_t index) {
    close(connections_[index].socket);
    connect(index);
    if (!connections_[index].busy) return;  // a server may close what is idle
    ++result_.statuses[0];
    release(index);
  }

  void release(std::size_t index) {
    connections_[index].in.clear();
    connections_[index].busy = false;
    free_.push_back(index);
  }

  const LoadPlan& plan_;
  const Requesting& requesting_;
  const Answered& answered_;
  const int poll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Connection> connections_;
  std::vector<std::size_t> free_;
  Clock::time_point begun_;
  LoadResult result_;
};

}  // namespace

nlohmann::json to_json(const LoadResult& result) {
  return {{"sent", result.sent},
          {"statuses", result.statuses},
          {"latencies", result.latencies.to_json()},
          {"took", result.took.count()}};
}

LoadResult load_result_from(const nlohmann::json& text) {
  return {text.at("sent"), text.at("statuses").get<std::map<int, std::size_t>>(),
          Latencies::from_json(text.at("latencies")), Seconds(text.at("took").get<double>())};
}

LoadResult send_load(const LoadPlan& plan, const Requesting& requesting, const Answered& answered) {
  return Load(plan, requesting, answered).run();
}

}  // namespace skald::bench
