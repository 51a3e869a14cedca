"""What an operator does with a real node: pause, terminate, rerun, start many, keep few."""

import gzip
import json
import unittest

from peer import Peer, json_answer
from processes import World, http, transfer, wait_for


class OperationsTest(unittest.TestCase):
    def setUp(self):
        self.world = World(services=("accounts",))
        self.addCleanup(self.world.close)
        self.world.prepare_accounts()

    def act(self, saga, action, body=None, headers=None):
        return http("POST", f"{self.world.url}/v1/sagas/{saga}/{action}", body or {}, headers or {})

    def run_saga(self, saga):
        status, body, _ = self.world.start_saga(
            "money-transfer", saga, transfer(0), {"Prefer": "wait=20"}
        )
        self.assertEqual(status, 201)
        return body

    def metric(self, name):
        text = http("GET", f"{self.world.url}/metrics")[1]
        return next(int(line.split()[-1]) for line in text.splitlines() if line.startswith(name))

    def counts(self):
        groups = http("GET", f"{self.world.url}/v1/sagas/count?groupBy=status")[1]["groups"]
        return {group["status"]: group["count"] for group in groups}

    def test_a_pause_outlives_the_process_and_sends_nothing(self):
        def answer(_, connection):
            connection.sendall(json_answer(200 if repaired else 503, {}))

        repaired = []
        with Peer(answer) as peer:
            self.world.urls["accounts"] = peer.url
            self.world.start_skald()
            self.world.start_saga("money-transfer", "t-1", transfer(0))
            wait_for(
                lambda: [
                    p for p in self.world.saga("t-1")["pending"] if p["waitingFor"] == "retry"
                ],
                "the debit to wait for a retry",
            )
            status, paused, _ = self.act("t-1", "pause", {"reason": "audit", "actor": "egil"})
            if status == 200 and paused["pending"][0]["waitingFor"] == "participant":
                wait_for(
                    lambda: self.world.saga("t-1")["pending"][0]["waitingFor"] == "retry",
                    "what was sent to be answered",
                )
            self.assertEqual((status, paused["status"]), (200, "paused"))
            sent = len(peer.seen("debit-source"))
            self.world.skald.kill()
            self.world.start_skald()
            repaired.append(True)
            # Another saga comes through, so the node works, and has sent nothing for this one.
            self.world.start_saga("money-transfer", "t-2", transfer(1), {"Prefer": "wait=20"})
            self.assertEqual(self.world.saga("t-1")["status"], "paused")
            mine = [r for r in peer.seen("debit-source") if r.headers["saga-id"] == "t-1"]
            self.assertEqual(len(mine), sent)
            self.assertEqual(self.act("t-1", "resume")[0], 200)
            wait_for(
                lambda: self.world.saga("t-1")["status"] == "completed", "the paused saga to end"
            )
            _, page, _ = http("GET", f"{self.world.url}/v1/sagas/t-1/events")
            told = {e["kind"]: e for e in page["events"]}
            self.assertEqual(
                (told["paused"]["message"], told["paused"]["actor"]), ("audit", "egil")
            )

    def test_an_action_happens_to_the_revision_that_was_looked_at(self):
        self.world.start_skald()
        self.run_saga("t-1")
        status, again, fields = self.act("t-1", "rerun", {"id": "t-2"}, {"Prefer": "wait=20"})
        self.assertEqual((status, again["tags"]["rerunOf"]), (201, "t-1"))
        self.assertEqual(fields["Location"], "/v1/sagas/t-2")
        status, problem, _ = self.act("t-2", "notes", {"text": "late"}, {"If-Match": '"1"'})
        self.assertEqual((status, problem["code"]), (409, "ACTION_NOT_ALLOWED"))

    def test_many_starts_in_one_request(self):
        self.world.start_skald()
        items = [
            {"definition": "money-transfer", "idempotencyKey": f"k-{n}", "input": transfer(n)}
            for n in range(100)
        ]
        lines = "\n".join(json.dumps(item) for item in items).encode()
        for status_wanted in (202, 200):
            status, body, _ = http(
                "POST",
                f"{self.world.url}/v1/sagas:batch",
                lines,
                {"Content-Type": "application/x-ndjson"},
            )
            self.assertEqual(status, 200)
            statuses = [result["status"] for result in body["results"]]
            self.assertEqual(len(statuses), 100)
            self.assertLessEqual(
                set(statuses), {status_wanted, 201} if status_wanted == 202 else {200}
            )
        wait_for(lambda: self.counts() == {"completed": 100}, "all of them to complete")

    def test_old_sagas_are_archived_and_removed(self):
        archive = self.world.directory / "archive"
        self.world.start_skald("--retain-count", "5", "--archive", archive)
        for number in range(20):
            self.run_saga(f"t-{number}")
        wait_for(
            lambda: self.counts() == {"completed": 5}, "fifteen sagas to be removed", pause=0.1
        )
        self.assertEqual(self.metric("skald_sagas_removed_total"), 15)
        self.assertEqual(self.metric("skald_sagas_archived_total"), 15)
        self.assertEqual(
            [s["id"] for s in self.world.sagas()], [f"t-{n}" for n in range(19, 14, -1)]
        )
        self.assertEqual(http("GET", f"{self.world.url}/v1/sagas/t-0")[0], 404)
        lines = []
        for file in sorted(archive.iterdir()):
            with gzip.open(file, "rt") as text:
                lines += [json.loads(line) for line in text]
        self.assertEqual([line["saga"]["id"] for line in lines], [f"t-{n}" for n in range(15)])
        self.assertEqual(lines[0]["saga"]["status"], "completed")
        self.assertEqual(lines[0]["events"][0]["kind"], "started")
        self.assertEqual(lines[0]["events"][-1]["kind"], "ended")
        self.run_saga("t-0")  # the id and key of a removed saga are free again

    def test_old_sagas_go_by_their_age(self):
        self.world.start_skald()
        self.run_saga("t-1")
        self.assertEqual(self.world.skald.terminate(), 0)
        self.world.start_skald("--retain", "1ms")
        self.run_saga("t-2")
        wait_for(
            lambda: [s["id"] for s in self.world.sagas()] == ["t-2"],
            "the old saga to go",
            pause=0.1,
        )


class WrongRetentionTest(unittest.TestCase):
    def test_what_cannot_be_meant_is_refused(self):
        for options, saying in (
            (("--retain", "soon"), "--retain 'soon' is no span of time"),
            (("--archive", "x"), "nothing is ever removed"),
            (("--retain", "1d", "--archive", __file__), "is no directory"),
        ):
            with World(services=()) as world:
                process = world.launch_skald(*options)
                self.assertIsNone(process.first_line())
                self.assertNotEqual(process.child.wait(20), 0)
                process.child.stdout.close()
                self.assertIn(saying, world.skald_log)


if __name__ == "__main__":
    unittest.main()
