#include "http/api/metrics_text.hpp"
#include "http/api/node_routes.hpp"

namespace skald::http {

namespace {

void write_sagas(MetricsText& text, const MetricsSnapshot& metrics) {
  text.family("skald_sagas_started_total", "counter", "Sagas started.");
  for (const auto& [definition, count] : metrics.started)
    text.sample("skald_sagas_started_total", {{"definition", definition}}, count);
  text.family("skald_sagas_finished_total", "counter", "Sagas ended, by outcome.");
  for (const auto& [key, count] : metrics.ended)
    text.sample("skald_sagas_finished_total",
                {{"definition", key.first}, {"outcome", name_of(key.second)}}, count);
  text.family("skald_sagas", "gauge", "Sagas that have not ended, by status.");
  for (const auto& [key, count] : metrics.live)
    text.sample("skald_sagas", {{"definition", key.first}, {"status", name_of(key.second)}}, count);
}

void write_attempts(MetricsText& text, const MetricsSnapshot& metrics) {
  text.family("skald_step_attempts_total", "counter",
              "Attempts of steps and undos that were answered or given up, by result.");
  for (const auto& [key, count] : metrics.attempts) {
    const auto& [definition, step, phase, result] = key;
    text.sample("skald_step_attempts_total",
                {{"definition", definition},
                 {"step", step},
                 {"phase", name_of(phase)},
                 {"result", name_of(result)}},
                count);
  }
}

void write_engine(MetricsText& text, const MetricsSnapshot& metrics) {
  const auto one = [&](std::string_view name, std::string_view type, std::string_view help,
                       std::uint64_t value) {
    text.family(name, type, help);
    text.sample(name, {}, value);
  };
  one("skald_transitions_total", "counter", "Transitions that were stored.", metrics.transitions);
  one("skald_store_commit_failures_total", "counter", "Commits that failed.",
      metrics.commit_failures);
  one("skald_late_replies_total", "counter", "Replies to attempts that were settled before.",
      metrics.late_replies);
  one("skald_ready_queue_depth", "gauge", "Commands that wait to be applied.", metrics.queue_depth);
  one("skald_timers_pending", "gauge", "Sagas that wait for a time.", metrics.timers);
  one("skald_sagas_in_memory", "gauge", "Sagas in memory; the others wait in the store.",
      metrics.in_memory);
  text.family("skald_store_commit_seconds", "histogram", "Time to make a batch durable.");
  text.histogram("skald_store_commit_seconds", metrics.commit_seconds);
}

}  // namespace

void get_metrics(const ApiParts& parts, const Respond& respond) {
  const auto metrics = parts.orchestrator.metrics();
  MetricsText text;
  text.family("skald_build_info", "gauge", "What this program was made from; always 1.");
  text.sample("skald_build_info",
              {{"version", parts.build.version},
               {"commit", parts.build.commit},
               {"compiler", parts.build.compiler}},
              1);
  write_sagas(text, metrics);
  write_attempts(text, metrics);
  write_engine(text, metrics);
  text.family("skald_stream_clients", "gauge", "Clients that read GET /v1/stream.");
  text.sample("skald_stream_clients", {}, parts.live.stream_clients());
  text.family("skald_sagas_removed_total", "counter", "Ended sagas removed, as --retain says.");
  text.sample("skald_sagas_removed_total", {}, parts.retention ? parts.retention->removed() : 0);
  text.family("skald_sagas_archived_total", "counter", "Ended sagas archived before that.");
  text.sample("skald_sagas_archived_total", {}, parts.retention ? parts.retention->archived() : 0);
  Response response{200, {}, std::move(text).take()};
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  respond(std::move(response));
}

}  // namespace skald::http
