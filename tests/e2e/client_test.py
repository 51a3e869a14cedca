"""The client commands of skald, each against a real server: what they do, say, and exit with."""

import json
import os
import pty
import subprocess
import unittest

from peer import Peer, json_answer
from processes import BUILD, World, free_port, wait_for

BOOKING = {
    "saga": "booking",
    "version": 1,
    "input": {
        "type": "object",
        "properties": {"room": {"type": "string"}, "nights": {"type": "integer"}},
        "required": ["room"],
    },
    "businessKey": "${input.room}",
    "signals": {"approved": {}},
    "steps": [
        {
            "id": "book",
            "call": {
                "http": "POST ${participants.hotel}/bookings",
                "body": {"room": "${input.room}"},
            },
            "undo": {"http": "DELETE ${participants.hotel}/bookings/1"},
            "retry": {"attempts": 1},
            "undoRetry": {"attempts": 1},
        },
        {"id": "decide", "wait": {"signal": "approved"}},
    ],
    "output": {"room": "${input.room}"},
}


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.undo_status = 200
        self.peer = Peer(
            lambda call, connection: connection.sendall(
                json_answer(self.undo_status if call.phase == "undo" else 200, {"id": 1})
            )
        )
        self.addCleanup(self.peer.close)
        self.world = World(services=())
        self.addCleanup(self.world.close)
        self.world.urls["hotel"] = self.peer.url
        self.world.start_skald()
        document = self.world.directory / "booking.json"
        document.write_text(json.dumps(BOOKING))
        self.says("booking@1\n", "def", "register", document)

    def run_skald(self, *arguments, stdin=None, url=None):
        return subprocess.run(
            [BUILD / "http/skald", *map(str, arguments)],
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "SKALD_URL": url or self.world.url},
        )

    def answer(self, *arguments, exit_code=0, **more):
        """The JSON it prints."""
        run = self.run_skald(*arguments, **more)
        self.assertEqual(run.returncode, exit_code, run.stderr)
        return json.loads(run.stdout)

    def says(self, text, *arguments, exit_code=0, **more):
        run = self.run_skald(*arguments, **more)
        self.assertEqual((run.stdout, run.returncode), (text, exit_code), run.stderr)

    def complains(self, part, *arguments, exit_code, **more):
        run = self.run_skald(*arguments, **more)
        self.assertEqual(run.returncode, exit_code, run.stdout + run.stderr)
        self.assertIn(part, run.stderr)

    def start(self, saga, *more):
        self.answer("start", "booking", "--set", f"room={saga}", "--id", saga, *more)
        wait_for(lambda: self.world.saga(saga)["states"] == ["decide"], f"{saga} to be booked")

    def start_stuck(self, saga):
        """One whose undo fails."""
        self.start(saga)
        self.undo_status = 500
        self.answer("compensate", saga, "--reason", "overbooked")
        wait_for(lambda: self.world.saga(saga)["status"] == "stuck", f"{saga} to be stuck")


class StartTest(ClientTest):
    def test_input_comes_from_options_files_and_standard_input(self):
        file = self.world.directory / "input.json"
        file.write_text('{"room": "from-file", "nights": 1}')
        cases = {
            ("--input", '{"room": "12"}'): {"room": "12"},
            ("--set", "room=r12", "--set", "nights=3"): {"room": "r12", "nights": 3},
            ("--input", f"@{file}", "--set", "nights=2"): {"room": "from-file", "nights": 2},
        }
        for options, wanted in cases.items():
            with self.subTest(options=options):
                self.assertEqual(self.answer("start", "booking@1", *options)["input"], wanted)
        started = self.answer("start", "booking", "--input", "@-", stdin='{"room": "stdin"}')
        self.assertEqual(started["businessKey"], "stdin")

    def test_what_is_repeated_under_a_key_starts_once(self):
        options = (
            "start",
            "booking",
            "--set",
            "room=one",
            "--idempotency-key",
            "one",
            "-o",
            "name",
        )
        self.assertEqual(self.run_skald(*options).stdout, self.run_skald(*options).stdout)
        self.assertEqual(len(self.world.sagas()), 1)

    def test_waiting_tells_how_it_ended(self):
        self.start("a")
        self.answer("result", "a", "--wait", "1", exit_code=6)
        waiting = subprocess.Popen(
            [BUILD / "http/skald", "result", "a", "--wait", "60", "--url", self.world.url],
            stdout=subprocess.PIPE,
        )
        self.answer("signal", "a", "--name", "approved")
        ended = json.loads(waiting.communicate(timeout=60)[0])
        self.assertEqual((ended["status"], waiting.returncode), ("completed", 0))
        self.start("b")
        self.answer("cancel", "b")
        self.assertEqual(self.answer("result", "b", "--wait", exit_code=5)["status"], "cancelled")

    def test_a_wrong_start_says_what_is_wrong(self):
        self.complains("property 'room'", "start", "booking", exit_code=1)
        self.complains("is no JSON", "start", "booking", "--input", "{", exit_code=2)
        self.complains("names no version", "start", "booking@x", exit_code=2)
        self.complains("what to set", "start", "booking", "--set", "room", exit_code=2)
        self.complains("is no tag", "start", "booking", "--tag", "x", exit_code=2)
        self.complains("is not registered", "start", "nothing", exit_code=1)


class LookTest(ClientTest):
    def test_lists_are_what_was_asked_for(self):
        for saga in ("a", "b", "c"):
            self.start(saga)
        self.answer("cancel", "b")
        wait_for(lambda: self.world.saga("b")["status"] == "cancelled", "the end of b")
        self.says("c\na\n", "list", "--status", "running", "-o", "name")
        self.says("b\n", "list", "--status", "cancelled,stuck", "-o", "name")
        self.says("c\n", "list", "--key", "c", "-o", "name")
        self.says("c\nb\n", "list", "--limit", "2", "-o", "name")
        self.says("", "list", "--def", "other", "-o", "name")
        self.assertEqual(len(self.answer("list", "--since", "1h")["sagas"]), 3)
        lines = self.run_skald("list", "-o", "jsonl").stdout.splitlines()
        self.assertEqual([json.loads(line)["id"] for line in lines], ["c", "b", "a"])
        table = self.run_skald("list", "-o", "table").stdout.splitlines()
        self.assertEqual(table[0].split()[:4], ["ID", "KEY", "DEFINITION", "STATUS"])
        self.assertEqual(table[1].split()[:5], ["c", "c", "booking@1", "running", "decide"])
        counted = self.run_skald("count", "--status", "running", "-o", "table").stdout.split("\n")
        self.assertEqual(counted[1].split(), ["2", "running", "booking"])
        self.assertEqual(self.answer("count", "--by", "status")["total"], 3)
        self.complains("is not a status", "list", "--status", "odd", exit_code=1)
        self.complains("neither a span nor a time", "list", "--since", "odd", exit_code=2)

    def test_a_saga_is_described_with_why_it_waits(self):
        self.start_stuck("a")
        text = self.run_skald("describe", "a", "-o", "table").stdout
        for part in ("operator", "book", "standing", "HTTP 500", "retry, skip"):
            self.assertIn(part, text)
        described = self.answer("describe", "a")
        self.assertEqual(described["explanation"]["waiting"][0]["for"], "operator")
        self.complains("NOT_FOUND", "describe", "nobody", exit_code=3)

    def test_the_history_goes_on_to_the_end(self):
        self.start("a")
        following = subprocess.Popen(
            [BUILD / "http/skald", "history", "a", "--follow", "--url", self.world.url],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.assertEqual(json.loads(following.stdout.readline())["kind"], "started")
        self.answer("signal", "a", "--name", "approved")
        rest = [
            json.loads(line)["kind"]
            for line in following.communicate(timeout=60)[0].split("\n")
            if line
        ]
        self.assertEqual((rest[-1], following.returncode), ("ended", 0))
        self.assertEqual(rest.count("ended"), 1)
        table = self.run_skald("history", "a", "-o", "table").stdout
        self.assertIn("called book forward #1", table)

    def test_a_table_fits_the_terminal_and_hides_control_characters(self):
        self.answer("start", "booking", "--input", json.dumps({"room": "\x1b[31m" + "名" * 200}))
        parent, child = pty.openpty()
        self.addCleanup(os.close, parent)
        try:
            run = subprocess.run(
                [BUILD / "http/skald", "list", "--url", self.world.url], stdout=child, timeout=60
            )
        finally:
            os.close(child)
        self.assertEqual(run.returncode, 0)
        text = b""
        while text.count(b"\n") < 2:
            text += os.read(parent, 65536)
        self.assertNotIn(b"\x1b", text)
        self.assertIn("…".encode(), text)
        self.assertIn("?[31m名".encode(), text)


class ActionTest(ClientTest):
    def test_what_is_stuck_is_found_and_settled(self):
        self.start_stuck("a")
        self.says("a\n", "list", "--stuck", "-o", "name")
        self.undo_status = 200
        self.answer("retry", "a", "--reason", "the hotel is back")
        self.assertEqual(self.answer("result", "a", "--wait", exit_code=5)["status"], "compensated")

    def test_an_undo_that_was_done_by_hand_is_said_to_be(self):
        self.start_stuck("a")
        self.answer("skip", "a", "--step", "book", "--as", "done", "--reason", "phoned them")
        self.assertEqual(self.world.saga("a")["steps"][0]["undo"], "undoneByHand")
        self.complains("ACTION_NOT_ALLOWED", "retry", "a", exit_code=4)

    def test_a_saga_is_paused_noted_resumed_terminated_and_run_anew(self):
        self.start("a")
        self.answer("pause", "a", "--actor", "gunnar")
        self.assertEqual(self.world.saga("a")["status"], "paused")
        self.complains("paused", "cancel", "a", exit_code=4)
        self.answer("note", "a", "--text", "the hotel called")
        self.answer("resume", "a")
        self.answer("terminate", "a", "--reason", "settled on the phone")
        self.assertEqual(self.world.saga("a")["status"], "terminated")
        history = self.run_skald("history", "a").stdout
        for said in ("gunnar", "the hotel called", "settled on the phone"):
            self.assertIn(said, history)
        anew = self.answer("rerun", "a", "--input", '{"nights": 2}')
        self.assertEqual(anew["input"], {"room": "a", "nights": 2})

    def test_an_action_on_all_that_match_is_shown_first_and_needs_a_yes(self):
        for saga in ("a", "b", "c"):
            self.start(saga)
        choice = ("cancel", "--def", "booking", "--status", "running", "-o", "name")
        self.complains("3 sagas match", *choice, exit_code=2)
        self.assertEqual(len(self.world.sagas("&status=running")), 3)
        run = self.run_skald(*choice, "--yes")
        self.assertEqual(sorted(run.stdout.split()), ["a", "b", "c"], run.stderr)
        self.assertIn("3 done, 0 refused, 0 not tried", run.stderr)
        self.complains("0 sagas match", *choice, "--yes", exit_code=0)

    def test_refusals_are_counted_and_the_others_go_on(self):
        self.start("a")
        self.start("b")
        run = self.run_skald("cancel", "a", "nobody", "b", "-o", "name")
        self.assertEqual((run.stdout, run.returncode), ("a\nb\n", 3))
        self.assertIn("2 done, 1 refused, 0 not tried", run.stderr)

    def test_an_action_needs_to_know_on_what(self):
        self.complains("what those have in common", "cancel", exit_code=2)
        self.complains("what those have in common", "cancel", "a", "--stuck", exit_code=2)

    def test_a_dry_run_prints_a_line_that_does_it(self):
        self.start("a")
        line = self.run_skald("cancel", "a", "--reason", "it's off", "--dry-run").stdout
        self.assertEqual(self.world.saga("a")["status"], "running")
        subprocess.run(["bash", "-c", line], check=True, capture_output=True, timeout=60)
        wait_for(lambda: self.world.saga("a")["status"] == "cancelled", "the end of a")


class ServerTest(ClientTest):
    def test_a_server_that_is_not_there(self):
        self.complains(
            "Is `skald serve` running there?",
            "list",
            exit_code=7,
            url=f"http://127.0.0.1:{free_port()}",
        )
        self.complains("http://", "list", exit_code=2, url="ftp://x")

    def test_any_request_can_be_sent(self):
        self.assertEqual(self.answer("api", "GET", "/livez")["status"], "ok")
        body = '{"definition": "booking", "input": {"room": "r"}}'
        self.assertEqual(
            self.answer("api", "POST", "/v1/sagas", "--data", body)["definition"], "booking"
        )
        self.complains("NOT_FOUND", "api", "GET", "/v1/sagas/nobody", exit_code=3)

    def test_definitions_are_listed_and_wrong_ones_refused_with_places(self):
        self.assertIn("booking@1", self.run_skald("def", "list", "-o", "name").stdout.split())
        wrong = self.world.directory / "wrong.yaml"
        wrong.write_text("saga: wrong\nversion: 0\nsteps: []\n")
        self.complains("/version", "def", "register", wrong, exit_code=1)
        self.complains("cannot be read", "def", "register", "/nowhere.json", exit_code=2)

    def test_shells_complete_commands_and_options(self):
        script = self.run_skald("completion", "bash").stdout
        tried = script + ('COMP_WORDS=(skald "$@"); COMP_CWORD=$#; _skald; echo "${COMPREPLY[@]}"')
        for words, wanted in {
            ("def", "re"): "register",
            ("retry", "--stu"): "--stuck",
            ("comp",): "compensate completion",
        }.items():
            run = subprocess.run(
                ["bash", "-c", tried, "bash", *words], capture_output=True, text=True, timeout=60
            )
            self.assertEqual(run.stdout.strip(), wanted, run.stderr)
        self.assertIn("-a compensate", self.run_skald("completion", "fish").stdout)


if __name__ == "__main__":
    unittest.main()
