#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

/// What this program does when it is a child of itself (see Child): it speaks JSON, a line at a
/// time, with its parent, and ends when the parent has nothing more to say.
namespace skald::bench {

/// Plays `role`; the exit code.
int play_role(std::string_view role, const nlohmann::json& parameters);

/// A server that answers every request: what loopback HTTP costs at the least.
int play_echo(const nlohmann::json& parameters);

/// The participants of orders; see Participants.
int play_stub(const nlohmann::json& parameters);

/// Clients that start orders; see OrderClients.
int play_orders(const nlohmann::json& parameters);

/// Those who look for sagas in P9.
int play_searches(const nlohmann::json& parameters);

/// The engine of P5 that is killed, and the one that comes after it.
int play_p5_fill(const nlohmann::json& parameters);
int play_p5_recover(const nlohmann::json& parameters);

}  // namespace skald::bench
