#include "http/live/sse.hpp"

namespace skald::http {

std::string sse_event(std::string_view name, std::string_view id, std::string_view data) {
  std::string event;
  event.reserve(id.size() + name.size() + data.size() + 24);
  event.append("id: ").append(id).append("\nevent: ").append(name);
  return event.append("\ndata: ").append(data).append("\n\n");
}

std::string sse_heartbeat(std::string_view id) {
  return std::string(": heartbeat\nid: ").append(id).append("\n\n");
}

}  // namespace skald::http
