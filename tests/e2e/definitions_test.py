"""Definitions that the program did not bring: registered over HTTP or from files, they are durable
like sagas."""

import json
import unittest

from peer import Peer, json_answer
from processes import World, http, wait_for

APPROVAL = {
    "saga": "approval",
    "version": 1,
    "input": {
        "type": "object",
        "properties": {"request": {"type": "string"}},
        "required": ["request"],
    },
    "businessKey": "${input.request}",
    "signals": {"approved": {"correlation": "${input.request}"}},
    "steps": [
        {
            "id": "book",
            "call": {
                "http": "POST ${participants.budget}/bookings",
                "body": {"request": "${input.request}"},
            },
            "undo": {"http": "DELETE ${participants.budget}/bookings/${input.request}"},
        },
        {"id": "decide", "wait": {"signal": "approved"}},
        {
            "id": "pay",
            "kind": "pivot",
            "call": {
                "http": "POST ${participants.budget}/payments",
                "body": {"booking": "${steps.book.output.id}"},
            },
        },
    ],
    "output": {"payment": "${steps.pay.output.id}"},
}

GREETING = """\
# A YAML document says the same as one in JSON.
saga: greeting
version: 1
steps:
  - id: greet
    kind: retriable
    call: { http: "POST ${participants.budget}/greetings" }
"""

WRONG = """\
saga: wrong
version: 0
steps:
  - id: pay
    call: { http: "POST ${participants.bnk}/payments" }
"""


class DefinitionsTest(unittest.TestCase):
    def setUp(self):
        self.peer = Peer(
            lambda call, connection: connection.sendall(json_answer(200, {"id": call.step}))
        )
        self.addCleanup(self.peer.close)
        self.world = World(services=())
        self.addCleanup(self.world.close)
        self.world.urls["budget"] = self.peer.url

    def post(self, path, body=None, headers=None):
        return http("POST", f"{self.world.url}{path}", body, headers)

    def get(self, path):
        return http("GET", f"{self.world.url}{path}")[:2]

    def register(self, document):
        status, answer, _ = self.post("/v1/definitions", document)
        self.assertEqual(status, 201, answer)
        return answer

    def names(self):
        definitions = self.get("/v1/definitions")[1]["definitions"]
        return {(one["name"], one["version"]) for one in definitions if one["language"] == "json"}

    def file(self, name, text):
        path = self.world.directory / name
        path.write_text(text)
        return path

    def restart(self, *options, kill=False):
        if kill:
            self.world.skald.kill()
        else:
            self.assertEqual(self.world.skald.terminate(), 0)
        self.world.start_skald(*options)

    def refuses_to_start(self, *options):
        """What it says of it."""
        before = len(self.world.skald_log) if (self.world.directory / "skald.log").exists() else 0
        process = self.world.launch_skald(*options)
        self.assertIsNone(process.first_line())
        self.assertEqual(process.child.wait(20), 1)
        process.child.stdout.close()
        return self.world.skald_log[before:]

    def state_of(self, saga):
        return self.world.saga(saga)["states"]


class RegisterTest(DefinitionsTest):
    def test_a_registered_definition_and_its_sagas_outlive_the_server(self):
        for kill in (False, True):
            with self.subTest(kill=kill):
                self.world.start_skald()
                name = f"approval-{kill}".lower()
                shown = self.register({**APPROVAL, "saga": name})
                saga = f"{name}-saga"
                self.assertEqual(self.world.start_saga(name, saga, {"request": saga})[0], 202)
                wait_for(lambda s=saga: self.state_of(s) == ["decide"], "the decision to be due")
                self.restart(kill=kill)
                self.assertEqual(self.get(f"/v1/definitions/{name}"), (200, shown))
                self.assertEqual(self.state_of(saga), ["decide"])
                status, _, _ = self.post(f"/v1/sagas/{saga}/signals/approved", {"by": "the boss"})
                self.assertEqual(status, 200)
                ended = wait_for(
                    lambda s=saga: (one := self.world.saga(s)).get("ended") and one, "the end"
                )
                self.assertEqual(ended["status"], "completed")
                self.assertEqual(ended["output"], {"payment": "pay"})
                self.assertEqual(len(self.peer.seen("book")), 1 + kill)
                self.world.skald.terminate()

    def test_a_repeated_signal_is_taken_once_across_a_restart(self):
        self.world.start_skald()
        self.register(APPROVAL)
        self.world.start_saga("approval", "a", {"request": "r-1"})
        wait_for(lambda: self.state_of("a") == ["decide"], "the decision to be due")
        key = {"Idempotency-Key": '"k-1"'}
        event = {"correlationKey": "r-1", "payload": {"by": "the boss"}}
        status, answer, _ = self.post("/v1/signals/approved", event, key)
        self.assertEqual((status, answer), (200, {"delivered": 1, "refused": 0}))
        self.restart(kill=True)
        self.assertEqual(self.post("/v1/signals/approved", event, key)[0], 200)
        wait_for(lambda: self.world.saga("a")["status"] == "completed", "the end")
        kinds = [one["kind"] for one in self.get("/v1/sagas/a/events")[1]["events"]]
        self.assertEqual(kinds.count("signalled"), 1)

    def test_a_wrong_document_registers_nothing(self):
        self.world.start_skald()
        yaml = {"Content-Type": "application/yaml"}
        status, problem, _ = self.post("/v1/definitions", WRONG.encode(), yaml)
        self.assertEqual((status, problem["code"]), (422, "INVALID_DEFINITION"))
        codes = {error["pointer"].split(" ")[1] for error in problem["errors"]}
        self.assertTrue({"/version", "/steps/0/call/http"} <= codes, problem)
        status, verdict, _ = self.post("/v1/definitions/validate", WRONG.encode(), yaml)
        self.assertEqual((status, verdict["findings"]), (200, problem["errors"]))
        self.assertEqual(self.post("/v1/definitions", b"{")[0], 400)
        self.assertEqual(self.names(), set())
        self.restart()
        self.assertEqual(self.names(), set())

    def test_yaml_and_json_are_the_same_document(self):
        self.world.start_skald()
        yaml = {"Content-Type": "application/yaml"}
        status, made, fields = self.post("/v1/definitions", GREETING.encode(), yaml)
        self.assertEqual(status, 201, made)
        again = {
            "saga": "greeting",
            "version": 1,
            "steps": made["document"]["steps"],
        }
        short = self.get("/v1/definitions/greeting?form=steps")[1]["document"]
        self.assertNotEqual(short["steps"], again["steps"])
        status, repeated, _ = self.post("/v1/definitions", short)
        self.assertEqual((status, repeated), (200, made))
        self.assertEqual(self.get(fields["Location"]), (200, made))
        self.assertEqual(self.post("/v1/definitions", {**short, "deadline": "1h"})[0], 409)


class FilesTest(DefinitionsTest):
    def test_definitions_in_files_are_registered_at_the_start_and_stay(self):
        files = [
            "--definition",
            self.file("approval.json", json.dumps(APPROVAL)),
            "--definition",
            self.file("greeting.yaml", GREETING),
        ]
        both = {("approval", 1), ("greeting", 1)}
        self.world.start_skald(*files)
        self.assertEqual(self.names(), both)
        self.assertEqual(self.world.start_saga("greeting", "g", {}, {"Prefer": "wait=20"})[0], 201)
        self.restart(*files)
        self.assertEqual(self.names(), both)
        self.restart(kill=True)
        self.assertEqual(self.names(), both)
        self.assertEqual(self.post("/v1/definitions", APPROVAL)[0], 200)

    def test_a_wrong_file_stops_the_start_with_everything_that_is_wrong(self):
        said = self.refuses_to_start(
            "--definition",
            self.file("greeting.yaml", GREETING),
            "--definition",
            self.file("wrong.yaml", WRONG),
            "--definition",
            self.file("broken.json", "{"),
            "--definition",
            self.world.directory / "missing.json",
        )
        for line in (
            "wrong.yaml:2:10 /version",
            "wrong.yaml:5:19 /steps/0/call/http",
            "Did you mean 'budget'?" if "Did you mean" in said else "'bnk'",
            "broken.json:1:2",
            "missing.json: cannot be read: No such file or directory",
        ):
            self.assertIn(line, said)
        self.assertNotIn("greeting.yaml", said)
        self.assertFalse((self.world.directory / "skald").exists())

    def test_a_file_that_changed_under_its_version_stops_the_start(self):
        path = self.file("greeting.yaml", GREETING)
        self.world.start_skald("--definition", path)
        self.assertEqual(self.world.skald.terminate(), 0)
        path.write_text(GREETING + "deadline: 1h\n")
        said = self.refuses_to_start("--definition", path)
        self.assertIn("greeting.yaml: 'greeting' version 1 is registered with other content", said)
        path.write_text(GREETING.replace("version: 1", "version: 2"))
        self.world.start_skald("--definition", path)
        self.assertEqual(self.names(), {("greeting", 1), ("greeting", 2)})

    def test_a_participant_that_is_gone_does_not_stop_stored_definitions(self):
        self.world.start_skald("--definition", self.file("greeting.yaml", GREETING))
        del self.world.urls["budget"]
        self.restart()
        self.assertEqual(self.names(), {("greeting", 1)})
        self.assertIn("a participant is not configured", self.world.skald_log)


if __name__ == "__main__":
    unittest.main()
