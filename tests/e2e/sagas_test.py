"""Transfers and orders with the real engine and the real services: how each ends, and what an
operator may do."""

import unittest

from peer import Peer, json_answer
from processes import World, http, order, transfer, wait_for

ENDS = {"completed", "compensated", "failed", "cancelled", "terminated"}


def settled(world, saga):
    """The saga, once it has ended or is stuck."""
    return wait_for(
        lambda: (s := world.saga(saga))["status"] in ENDS | {"stuck"} and s, f"{saga} to settle"
    )


def ended(world, saga):
    """The saga, once it has ended."""
    return wait_for(lambda: (s := world.saga(saga))["status"] in ENDS and s, f"{saga} to end")


def events(world, saga):
    return http("GET", f"{world.url}/v1/sagas/{saga}/events?pageSize=1000")[1]["events"]


def story(world, saga):
    """The history as short words, in order."""
    return [
        " ".join(
            str(event[name])
            for name in ("kind", "step", "phase", "state")
            if name in event and event[name]
        )
        for event in events(world, saga)
    ]


def kept(saga):
    """{step: what became of its effect}."""
    return {run["step"]: run["undo"] for run in saga["steps"]}


def act(world, saga, action, body=None):
    return http("POST", f"{world.url}/v1/sagas/{saga}/{action}", body)


class RealServices(unittest.TestCase):
    """One world for all tests of a class: each test has sagas of its own."""

    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.world.prepare()
        http("POST", f"{cls.world.urls['accounts']}/accounts", {"id": "rich", "balance": 1000})
        http(
            "POST",
            f"{cls.world.urls['inventory']}/products",
            {"sku": "rare", "name": "Rare", "quantity": 0},
        )
        cls.world.start_skald()

    def run_saga(self, definition, saga, body):
        status, answer, _ = self.world.start_saga(definition, saga, body, {"Prefer": "wait=20"})
        self.assertEqual(status, 201, answer)
        return answer

    def effects(self, saga):
        """{service: its effects for the saga as (step, phase)}."""
        found = {}
        for service in self.world.services:
            mine = [
                (e["step"], e["phase"])
                for e in self.world.journal(service)
                if e["saga"] == saga and e["effect"]
            ]
            if mine:
                found[service] = mine
        return found


class TransferTest(RealServices):
    def test_a_transfer_completes_and_shows_its_steps_and_history(self):
        body = {"source": "account-1", "target": "account-2", "amount": 250}
        saga = self.run_saga("money-transfer", "transfer-ok", body)
        self.assertEqual(saga["status"], "completed")
        self.assertEqual(
            (saga["states"], saga["businessKey"], saga["input"]),
            (["TransferCompleted"], "account-1", body),
        )
        self.assertEqual(
            [(run["step"], run["kind"], run["confirmed"], run["undo"]) for run in saga["steps"]],
            [
                ("debit-source", "compensatable", True, "standing"),
                ("credit-target", "pivot", True, "standing"),
            ],
        )
        self.assertEqual(saga["steps"][0]["output"]["account"], "account-1")
        self.assertEqual(
            (saga["pending"], saga["pivotPassed"], saga["allowedActions"]), ([], True, [])
        )
        self.assertIn("ended", saga)
        self.assertEqual(
            story(self.world, "transfer-ok"),
            [
                "started",
                "entered TransferInitiated",
                "called debit-source forward",
                "done debit-source forward",
                "entered SourceAccountDebited",
                "called credit-target forward",
                "done credit-target forward",
                "entered TargetAccountCredited",
                "entered TransferCompleted",
                "ended",
            ],
        )
        revisions = [event["revision"] for event in events(self.world, "transfer-ok")]
        self.assertEqual(revisions, sorted(revisions))
        self.assertEqual(revisions[-1], saga["revision"])
        self.assertEqual(
            self.effects("transfer-ok"),
            {"accounts": [("debit-source", "forward"), ("credit-target", "forward")]},
        )

    def test_the_source_account_is_credited_back_before_the_state_says_so(self):
        saga = self.run_saga(
            "money-transfer", "transfer-back", {"source": "rich", "target": "nobody", "amount": 700}
        )
        self.assertEqual((saga["status"], saga["states"]), ("compensated", ["TransferFailed"]))
        self.assertEqual(kept(saga), {"debit-source": "undone"})
        told = story(self.world, "transfer-back")
        order_of = [
            told.index(part)
            for part in (
                "refused credit-target forward",
                "unwinding",
                "called debit-source undo",
                "done debit-source undo",
                "unwound",
                "entered SourceAccountCreditedBack",
                "entered TransferFailed",
                "ended",
            )
        ]
        self.assertEqual(order_of, sorted(order_of), told)
        self.assertEqual(
            http("GET", f"{self.world.urls['accounts']}/accounts/rich")[1]["balance"], 1000
        )

    def test_a_debit_that_is_refused_fails_the_transfer_with_nothing_to_undo(self):
        saga = self.run_saga(
            "money-transfer",
            "transfer-poor",
            {"source": "rich", "target": "account-1", "amount": 1001},
        )
        self.assertEqual((saga["status"], saga["steps"]), ("failed", []))
        self.assertEqual(self.effects("transfer-poor"), {})
        refused = [
            event for event in events(self.world, "transfer-poor") if event["kind"] == "refused"
        ]
        self.assertIn("insufficient_funds", refused[0]["message"])

    def test_an_end_is_explained(self):
        self.run_saga("money-transfer", "transfer-explained", transfer(1))
        status, explained, _ = http("GET", f"{self.world.url}/v1/sagas/transfer-explained/explain")
        self.assertEqual((status, explained["summary"]), (200, "It has ended: completed."))
        self.assertEqual(
            (explained["waiting"], explained["undoPlan"], explained["allowedActions"]), ([], [], [])
        )


class OrderTest(RealServices):
    def run_order(self, number, **changes):
        body = {**order(number), **changes}
        return self.run_saga("order-fulfilment", body["order"], body)

    def assert_nothing_stands(self, saga, undone):
        """Every effect is undone; the customer is told."""
        self.assertEqual(saga["status"], "compensated")
        self.assertEqual({step for step, undo in kept(saga).items() if undo == "undone"}, undone)
        self.assertEqual(saga["states"], ["OrderNotFulfilled"])
        forward, undo = set(), set()
        for service in ("inventory", "payments", "shipping"):
            for step, phase in self.effects(saga["id"]).get(service, []):
                (forward if phase == "forward" else undo).add(step)
        self.assertEqual(forward, undo)
        self.assertEqual(self.effects(saga["id"])["notifications"], [("tell-cancelled", "forward")])

    def test_an_order_completes(self):
        saga = self.run_order(1)
        self.assertEqual((saga["status"], saga["states"]), ("completed", ["OrderCompleted"]))
        self.assertEqual(
            {run["step"] for run in saga["steps"]},
            {"reserve-stock", "take-payment", "create-shipment", "tell-shipped"},
        )
        self.assertEqual(set(kept(saga).values()), {"standing"})

    def test_without_stock_the_payment_is_refunded(self):
        saga = self.run_order(2, items=[{"sku": "rare", "quantity": 1}])
        self.assert_nothing_stands(saga, {"take-payment"})

    def test_with_a_declined_card_the_stock_is_released(self):
        saga = self.run_order(3, amount=900_000)
        self.assert_nothing_stands(saga, {"reserve-stock"})

    def test_where_no_carrier_goes_both_are_undone_in_reverse(self):
        saga = self.run_order(4, address="Temple Road 1, Atlantis")
        self.assert_nothing_stands(saga, {"reserve-stock", "take-payment"})
        told = story(self.world, saga["id"])
        ran = [run["step"] for run in saga["steps"] if run["undo"] == "undone"]
        undone = [
            line.split()[1] for line in told if line.startswith("done") and line.endswith("undo")
        ]
        self.assertEqual(undone, list(reversed(ran)))
        self.assertLess(told.index("unwound"), told.index("entered OrderCancelled"))

    def test_a_recipient_nobody_reaches_undoes_no_order(self):
        saga = self.run_order(5, customer="unreachable")
        self.assertEqual((saga["status"], saga["states"]), ("completed", ["OrderCompleted"]))
        self.assertNotIn("undone", kept(saga).values())
        self.assertIn("refused tell-shipped forward", story(self.world, saga["id"]))


class ParallelTest(unittest.TestCase):
    def test_stock_is_reserved_while_the_payment_is_taken(self):
        delay = 700
        with World() as world:
            world.prepare()
            for service in ("inventory", "payments"):
                http("PUT", f"{world.urls[service]}/knobs", {"delayMs": delay})
            world.start_skald()
            world.start_saga("order-fulfilment", "order-1", order(1))
            self.assertEqual(ended(world, "order-1")["status"], "completed")
            reserved, paid = (
                [e for e in world.journal(s) if e["saga"] == "order-1"][0]["at"]
                for s in ("inventory", "payments")
            )
            shipped = [e for e in world.journal("shipping") if e["saga"] == "order-1"][0]["at"]
            # Each answer came `delay` after its call: one after the other would be as far apart.
            self.assertLess(abs(reserved - paid), delay * 1000, "one waited for the other")
            self.assertGreaterEqual(
                shipped - max(reserved, paid), delay * 1000, "the shipment did not wait for both"
            )


class StuckTest(unittest.TestCase):
    """The accounts are inside the test: the credit is refused, and so is the undo of the debit,
    until repaired."""

    def setUp(self):
        self.broken = True
        self.peer = Peer(self.answer)
        self.addCleanup(self.peer.close)
        self.world = World(services=())
        self.addCleanup(self.world.close)
        self.world.urls["accounts"] = self.peer.url
        self.world.start_skald()
        self.world.start_saga("money-transfer", "stuck-1", transfer(1))
        self.saga = settled(self.world, "stuck-1")

    def answer(self, call, connection):
        refused = (call.phase == "undo" and self.broken) or call.step == "credit-target"
        body = (
            {"code": "ledger_closed", "message": "The ledger is closed."}
            if refused
            else {"id": "entry-1"}
        )
        connection.sendall(json_answer(409 if refused else 200, body))

    def test_a_refused_undo_makes_the_saga_stuck_with_its_reason(self):
        self.assertEqual(self.saga["status"], "stuck")
        for words in ("undo of step 'debit-source'", "ledger_closed"):
            self.assertIn(words, self.saga["stuckReason"])
        self.assertEqual(
            kept(self.saga),
            {"debit-source": "standing"},
            "an undo that did not happen is not claimed",
        )
        self.assertNotIn("entered SourceAccountCreditedBack", story(self.world, "stuck-1"))
        self.assertEqual([s["id"] for s in self.world.sagas("&stuck=true")], ["stuck-1"])
        self.assertEqual(
            self.world.sagas("&stuck=true")[0]["stuckReason"], self.saga["stuckReason"]
        )
        wait_for(lambda: "a saga is stuck" in self.world.skald_log, "the alarm in the log")

    def test_explain_says_what_it_waits_for_and_what_may_be_done(self):
        explained = http("GET", f"{self.world.url}/v1/sagas/stuck-1/explain")[1]
        self.assertIn(
            "waits for an operator to settle the undo of 'debit-source'", explained["summary"]
        )
        self.assertEqual(len(explained["waiting"]), 1)
        waiting = explained["waiting"][0]
        self.assertEqual(
            (waiting["for"], waiting["step"], waiting["phase"], waiting["participant"]),
            ("operator", "debit-source", "undo", "accounts"),
        )
        self.assertEqual(explained["undoPlan"], ["debit-source"])
        self.assertEqual(set(explained["allowedActions"]), set(self.saga["allowedActions"]))
        self.assertLessEqual({"retry", "skip"}, set(explained["allowedActions"]))

    def test_it_stays_stuck_across_a_restart(self):
        calls = len(self.peer.calls)
        self.assertEqual(self.world.skald.terminate(), 0)
        self.world.start_skald()
        self.assertEqual(self.world.saga("stuck-1"), self.saga)
        self.assertEqual(len(self.peer.calls), calls, "what waits for an operator is not repeated")

    def test_retry_before_the_repair_leaves_it_stuck(self):
        self.assertEqual(act(self.world, "stuck-1", "retry")[0], 200)
        wait_for(
            lambda: len(self.peer.seen("debit-source", "undo")) == 2, "the undo to be tried again"
        )
        wait_for(
            lambda: self.world.saga("stuck-1")["status"] == "stuck", "the saga to be stuck again"
        )

    def test_retry_after_the_repair_ends_in_compensated(self):
        self.broken = False
        status, answer, _ = act(self.world, "stuck-1", "retry", {"reason": "the ledger is open"})
        self.assertEqual(status, 200, answer)
        saga = ended(self.world, "stuck-1")
        self.assertEqual((saga["status"], kept(saga)), ("compensated", {"debit-source": "undone"}))
        self.assertNotIn("stuckReason", saga)
        self.assertEqual(
            len(
                {call.headers["idempotency-key"] for call in self.peer.seen("debit-source", "undo")}
            ),
            1,
        )
        self.assertIn(
            "the ledger is open", [event.get("message") for event in events(self.world, "stuck-1")]
        )
        self.assertEqual(self.world.sagas("&stuck=true"), [])

    def test_settled_as_done_it_is_compensated_by_hand(self):
        status, answer, _ = act(
            self.world,
            "stuck-1",
            "skip",
            {"step": "debit-source", "as": "done", "reason": "paid back in cash"},
        )
        self.assertEqual(status, 200, answer)
        saga = ended(self.world, "stuck-1")
        self.assertEqual(
            (saga["status"], kept(saga)), ("compensated", {"debit-source": "undoneByHand"})
        )
        self.assertIn(
            "paid back in cash", [event.get("message") for event in events(self.world, "stuck-1")]
        )

    def test_settled_as_skipped_it_is_terminated_and_claims_no_undo(self):
        self.assertEqual(
            act(
                self.world,
                "stuck-1",
                "skip",
                {"step": "debit-source", "as": "skipped", "reason": "written off"},
            )[0],
            200,
        )
        saga = ended(self.world, "stuck-1")
        self.assertEqual((saga["status"], kept(saga)), ("terminated", {"debit-source": "skipped"}))
        self.assertEqual(len(self.peer.seen("debit-source", "undo")), 1)

    def test_a_skip_without_a_reason_is_refused_and_changes_nothing(self):
        for body in (
            {"step": "debit-source", "as": "done"},
            {"step": "debit-source", "as": "done", "reason": " "},
        ):
            status, problem, _ = act(self.world, "stuck-1", "skip", body)
            self.assertEqual(status, 422)
            self.assertEqual([error["pointer"] for error in problem["errors"]], ["/reason"])
        for body in (
            {"step": "no-step", "as": "done", "reason": "r"},
            {"step": "debit-source", "as": "never", "reason": "r"},
        ):
            self.assertEqual(act(self.world, "stuck-1", "skip", body)[0], 422)
        self.assertEqual(self.world.saga("stuck-1"), self.saga)

    def test_a_skip_of_a_step_that_does_not_wait_is_refused_with_what_is_allowed(self):
        status, problem, _ = act(
            self.world, "stuck-1", "skip", {"step": "credit-target", "as": "done", "reason": "r"}
        )
        self.assertEqual((status, problem["code"]), (409, "ACTION_NOT_ALLOWED"))
        self.assertEqual(problem["allowedActions"], self.saga["allowedActions"])
        self.assertEqual(self.world.saga("stuck-1"), self.saga)


class InFlightTest(unittest.TestCase):
    """Participants inside the test hold an answer, or refuse for now, while the operator acts."""

    def test_a_transfer_cancelled_in_flight_is_undone_after_its_call_has_ended(self):
        def answer(call, connection):
            if call.phase == "forward":
                peer.released.wait(4)
            connection.sendall(json_answer(200, {"id": "entry-1"}))

        with Peer(answer) as peer, World(services=()) as world:
            world.urls["accounts"] = peer.url
            world.start_skald()
            world.start_saga("money-transfer", "cancel-1", transfer(1))
            wait_for(lambda: peer.seen("debit-source"), "the debit to be called")
            status, saga, _ = act(world, "cancel-1", "cancel", {"reason": "changed my mind"})
            self.assertEqual((status, saga["status"]), (200, "compensating"))
            self.assertEqual(
                peer.seen("debit-source", "undo"), [], "undone while its call was in flight"
            )
            peer.released.set()
            saga = ended(world, "cancel-1")
            self.assertEqual(
                (saga["status"], kept(saga)), ("cancelled", {"debit-source": "undone"})
            )
            self.assertEqual(peer.seen("credit-target"), [])
            self.assertEqual(saga["unwind"]["cause"], "cancel")
            status, problem, _ = act(world, "cancel-1", "cancel")
            self.assertEqual(
                (status, problem["code"], problem["allowedActions"]),
                (409, "ACTION_NOT_ALLOWED", []),
            )

    def test_after_the_pivot_an_order_goes_forward_only(self):
        def answer(_, connection):
            connection.sendall(json_answer(200 if repaired else 503, {"messageId": "message-1"}))

        repaired = []
        services = ("inventory", "payments", "shipping")
        with Peer(answer) as peer, World(services=services) as world:
            world.prepare_stock()
            world.urls["notifications"] = peer.url
            world.start_skald()
            world.start_saga("order-fulfilment", "order-1", order(1))
            waits = lambda: any(
                p["waitingFor"] == "retry" for p in world.saga("order-1")["pending"]
            )  # noqa: E731
            wait_for(waits, "the message to wait for a retry")
            for action in ("compensate", "cancel"):
                status, problem, _ = act(world, "order-1", action, {"reason": "too late"})
                if status == 409 and "retry" not in problem["allowedActions"]:
                    wait_for(waits, "the message to wait again")  # a retry was on its way just then
                    status, problem, _ = act(world, "order-1", action, {"reason": "too late"})
                self.assertEqual((status, problem["code"]), (409, "ACTION_NOT_ALLOWED"))
                self.assertEqual(problem["allowedActions"], ["retry", "skip", "pause", "terminate"])
            repaired.append(True)
            saga = ended(world, "order-1")
            self.assertEqual((saga["status"], saga["pivotPassed"]), ("completed", True))


class IdempotencyTest(unittest.TestCase):
    def test_a_repeated_start_shows_the_first_saga_also_after_a_restart(self):
        with World(services=("accounts",)) as world:
            world.prepare_accounts()
            world.start_skald()
            body = {"definition": "money-transfer", "input": transfer(1)}
            key = {"Idempotency-Key": '"request-1"'}
            status, first, headers = http("POST", f"{world.url}/v1/sagas", body, key)
            self.assertEqual((status, headers.get("Idempotency-Replayed")), (202, None))
            ended(world, first["id"])
            for _ in range(2):
                status, again, headers = http("POST", f"{world.url}/v1/sagas", body, key)
                self.assertEqual(
                    (status, again["id"], headers["Idempotency-Replayed"]),
                    (200, first["id"], "true"),
                )
                status, problem, _ = http(
                    "POST", f"{world.url}/v1/sagas", {**body, "input": transfer(2)}, key
                )
                self.assertEqual((status, problem["code"]), (422, "IDEMPOTENCY_MISMATCH"))
                self.assertEqual(world.skald.terminate(), 0)
                world.start_skald()
            self.assertEqual(len(world.sagas()), 1)
            self.assertEqual(
                sum(entry["effect"] for entry in world.journal("accounts") if entry["saga"]), 2
            )


if __name__ == "__main__":
    unittest.main()
