"""The examples of other engines, as documents: acceptable, tested, and proven to unwind."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from peer import Peer, json_answer  # noqa: E402
from processes import BUILD, ROOT, World, http, wait_for  # noqa: E402

FOLDER = ROOT / "examples/from-other-engines"
PAGE = (FOLDER / "README.md").read_text()
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.name != "README.md")
PEERS = (
    ("temporal", "Temporal"),
    ("restate", "Restate"),
    ("dtm", "DTM"),
    ("camunda", "Camunda"),
    ("conductor", "Conductor"),
    ("masstransit", "MassTransit"),
    ("seata", "Seata"),
    ("step-functions", "AWS Step Functions"),
)


def skald(*arguments):
    return subprocess.run(
        [BUILD / "http/skald", "def", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class FromOtherEnginesTest(unittest.TestCase):
    def test_every_document_is_acceptable(self):
        for path in DOCUMENTS:
            with self.subTest(path.name):
                ran = skald("lint", path)
                self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
                self.assertIn(f"{path.name}: {path.stem} version 1 is acceptable", ran.stdout)
                self.assertEqual((len(ran.stdout.splitlines()), ran.stderr), (1, ""))

    def test_the_tests_of_every_document_pass(self):
        for path in DOCUMENTS:
            with self.subTest(path.name):
                ran = skald("test", path)
                self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
                self.assertNotIn("FAILED", ran.stdout)
                self.assertGreaterEqual(len(re.findall(r"^passed: ", ran.stdout, re.M)), 2)

    def test_every_document_has_a_test_that_goes_well_and_one_that_unwinds(self):
        for path in DOCUMENTS:
            with self.subTest(path.name):
                ends = re.findall(r'"?status"?: "?(completed|compensated)\b', path.read_text())
                self.assertEqual(set(ends), {"completed", "compensated"})

    def test_every_document_unwinds_whatever_goes_wrong(self):
        for path in DOCUMENTS:
            with self.subTest(path.name):
                ran = skald("test", "--unwind", "--depth", "1", "--json", path)
                self.assertEqual(ran.returncode, 0, ran.stdout[-4000:] + ran.stderr)
                self.assertIn(path.stem, json.dumps(json.loads(ran.stdout)))

    def test_the_table_has_a_row_for_every_document(self):
        rows = [line for line in PAGE.splitlines() if line.startswith("|")][2:]
        linked = []
        for row in rows:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
            self.assertEqual(len(cells), 5, row)
            self.assertTrue(all(cells), row)
            name, target = re.fullmatch(r"\[(\S+)\]\((\S+)\)", cells[2]).groups()
            self.assertEqual(name, target)
            linked.append(name)
            peer = next(peer for prefix, peer in PEERS if name.startswith(prefix))
            self.assertTrue(cells[1].startswith(peer), row)
            self.assertIn("](https://", cells[1])
        self.assertEqual(sorted(linked), [path.name for path in DOCUMENTS])

    def test_every_engine_has_an_example(self):
        self.assertGreaterEqual(len(DOCUMENTS), 13)
        for prefix, peer in PEERS:
            self.assertTrue([path for path in DOCUMENTS if path.name.startswith(prefix)], peer)

    def test_the_commands_of_the_page_run(self):
        block = re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)[1]
        self.assertEqual(PAGE.count("```"), 2)
        for command in block.splitlines():
            ran = subprocess.run(
                ["sh", "-c", command],
                cwd=ROOT,
                env={"PATH": f"{BUILD / 'http'}:/usr/bin:/bin"},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            self.assertEqual(ran.returncode, 0, f"{command}\n{ran.stdout}\n{ran.stderr}")


class OnTheWireTest(unittest.TestCase):
    """What the tests of the documents cannot show: answers over HTTP, and a saga in a saga."""

    def setUp(self):
        self.answers = {}
        self.peer = Peer(self.answer)
        self.addCleanup(self.peer.close)
        self.world = World(services=())
        self.addCleanup(self.world.close)
        texts = "".join(path.read_text() for path in DOCUMENTS)
        for name in set(re.findall(r"\$\{participants\.(\w+)\}", texts)):
            self.world.urls[name] = self.peer.url
        options = [word for path in DOCUMENTS for word in ("--definition", path)]
        self.world.start_skald(*options)

    def answer(self, call, connection):
        """Done, unless the test has an answer left for the call."""
        left = self.answers.get((call.step, call.phase), [])
        status, body = left.pop(0) if left else (200, {"id": call.step})
        connection.sendall(json_answer(status, body))

    def start(self, definition, body):
        status, saga, _ = self.world.start_saga(definition, definition, body)
        self.assertEqual(status, 202, saga)

    def ends(self, saga, status):
        ended = lambda: self.world.saga(saga)["status"] not in (
            "running",
            "compensating",
        )  # noqa: E731
        wait_for(ended, f"{saga} to end")
        self.assertEqual(self.world.saga(saga)["status"], status, self.world.saga(saga))
        return self.world.saga(saga)

    def signal(self, saga, name):
        url = f"{self.world.url}/v1/sagas/{saga}/signals/{name}"
        status, body, _ = http("POST", url, {}, {"Idempotency-Key": f'"{name}"'})
        self.assertLess(status, 300, body)

    def count(self, step, phase="forward"):
        return len(self.peer.seen(step, phase))

    def test_true_and_false_mean_what_they_mean_to_seata(self):
        self.answers[("ReduceInventory", "forward")] = [(200, True)]
        self.answers[("ReduceBalance", "forward")] = [(200, False)]
        body = {"businessKey": "b-1", "count": 10, "amount": 100}
        self.start("seata-reduce-inventory-and-balance", body)
        saga = self.ends("seata-reduce-inventory-and-balance", "compensated")
        self.assertEqual(saga["error"]["code"], "FA")
        self.assertEqual(self.count("ReduceInventory", "undo"), 1)
        self.assertEqual(self.count("ReduceBalance", "undo"), 0)

    def test_every_error_but_two_is_tried_again_as_in_the_tutorial_of_temporal(self):
        self.answers[("deposit", "forward")] = [
            (409, {"code": "BankOnHoliday"}),
            (409, {"code": "InvalidAccountError"}),
        ]
        body = {"source_account": "a", "target_account": "b", "amount": 1, "reference_id": "r"}
        self.start("temporal-money-transfer", body)
        self.ends("temporal-money-transfer", "compensated")
        self.assertEqual([self.count("deposit"), self.count("withdraw", "undo")], [2, 1])

    def test_a_cancelled_order_undoes_the_routing_slip_that_was_complete(self):
        body = {"OrderId": "o-1", "CustomerNumber": "c-1", "PaymentCardNumber": "4000"}
        self.answers[("Payment", "forward")] = [(200, {"AuthorizationCode": "77777"})]
        self.start("masstransit-order", body)
        self.signal("masstransit-order", "OrderAccepted")
        fulfilled = (
            lambda: "Fulfilled" in self.world.saga("masstransit-order")["states"]
        )  # noqa: E731
        wait_for(fulfilled, "the order to be fulfilled")
        self.signal("masstransit-order", "OrderCancellationRequested")
        self.ends("masstransit-order", "compensated")
        undone = [call.step for call in self.peer.calls if call.phase == "undo"]
        self.assertEqual(undone, ["Payment", "AllocateInventory"])


if __name__ == "__main__":
    unittest.main()
