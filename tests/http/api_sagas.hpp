#pragma once

#include <string>

/// Documents that several tests of the API use.
namespace skald::http::test {

/// Books, waits for a decision, and pays. Signals: "approved", with who did it, by the correlation
/// key of the request; "withdrawn", which is refused where nobody waits for it.
inline std::string approval(int version = 1, const std::string& more = "") {
  return R"({"saga": "approval", "version": )" + std::to_string(version) + more + R"(,
    "description": "A booking that somebody has to approve.",
    "input": {"type": "object", "properties": {"request": {"type": "string"}},
              "required": ["request"]},
    "businessKey": "${input.request}",
    "signals": {
      "approved": {"payload": {"type": "object", "properties": {"by": {"type": "string"}},
                               "required": ["by"]},
                   "correlation": "${input.request}"},
      "withdrawn": {"unexpected": "refuse"}},
    "steps": [
      {"id": "book", "call": {"http": "POST ${participants.budget}/bookings"},
                     "undo": {"http": "DELETE ${participants.budget}/bookings/${input.request}"}},
      {"id": "decide", "wait": {"on": {"approved": "continue", "withdrawn": "unwind"},
                                "timeout": "72h", "onTimeout": "unwind"}},
      {"id": "pay", "kind": "pivot", "call": {"http": "POST ${participants.budget}/payments"}}],
    "output": {"paid": "${steps.pay.output.id}"}})";
}

}  // namespace skald::http::test
