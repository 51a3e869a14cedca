"""One participant misbehaves, in every way on its own; sagas that do not need it must not
notice."""

import time
import unittest

from peer import Peer, forward_to, json_answer
from processes import World, http, order, transfer, wait_for

TRANSFERS, ORDERS = 15, 20  # more transfers than calls to one participant may be in flight
BOUND = 10  # seconds for all orders; they take well below one


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class ParticipantsTest(unittest.TestCase):
    """The peer stands before the accounts: it forwards debits, and misbehaves for credits. What
    a lost debit would only delay, a lost credit would turn into money paid twice or never."""

    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.world.prepare()
        self.forward = forward_to(self.world.urls["accounts"])
        self.healed = False
        self.peer = Peer(self.answer)
        self.addCleanup(self.peer.close)
        self.accounts = self.world.urls["accounts"]
        self.world.urls["accounts"] = self.peer.url

    def answer(self, call, connection):
        if self.healed or call.step != "credit-target":
            return self.forward(call, connection)
        return self.misbehave(connection)

    def harms_nobody(self, misbehave):
        self.misbehave = misbehave
        self.world.start_skald()
        for number in range(TRANSFERS):
            self.assertEqual(
                self.world.start_saga("money-transfer", f"transfer-{number}", transfer(number))[0],
                202,
            )
        wait_for(lambda: self.peer.seen("credit-target"), "a credit to be called")
        began = time.monotonic()
        for number in range(ORDERS):
            self.assertEqual(
                self.world.start_saga("order-fulfilment", f"order-{number}", order(number))[0], 202
            )
        wait_for(
            lambda: len(self.world.sagas("&definition=order-fulfilment&status=completed"))
            == ORDERS,
            "the orders to complete",
            patience=BOUND,
        )
        self.assertLess(time.monotonic() - began, BOUND)
        self.assert_no_outcome_was_made_up()
        self.heals()

    def assert_no_outcome_was_made_up(self):
        for saga in self.world.sagas("&definition=money-transfer"):
            self.assertEqual(saga["status"], "running")
            # Those that found every place taken wait for their debit.
            self.assertIn(saga["states"], (["TransferInitiated"], ["SourceAccountDebited"]))

    def heals(self):
        self.healed = True
        self.peer.released.set()
        self.hurry()
        wait_for(
            lambda: len(self.world.sagas("&definition=money-transfer&status=completed"))
            == TRANSFERS,
            "the transfers to complete",
        )
        total = http("GET", f"{self.accounts}/total")[1]
        self.assertEqual(
            (total["total"], total["entries"], total["consistent"]),
            (total["opened"], 2 * TRANSFERS, True),
        )
        self.assertEqual(self.world.skald.terminate(), 0)

    def hurry(self):
        """Has what waits for a retry tried now, as an operator would after a repair."""
        for saga in self.world.sagas("&definition=money-transfer&status=running"):
            http("POST", f"{self.world.url}/v1/sagas/{saga['id']}/retry")

    def test_one_that_answers_garbage(self):
        self.harms_nobody(
            lambda connection: connection.sendall(b"\x00\xff\x13 utter nonsense\r\n\r\n" * 10)
        )

    def test_one_that_never_answers(self):
        self.harms_nobody(lambda connection: self.peer.released.wait(60))

    def test_one_that_never_stops_answering(self):
        def endless(connection):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"')
            while not self.peer.released.is_set():
                connection.sendall(b"x" * 65536)

        self.harms_nobody(endless)

    def test_one_that_announces_more_than_may_come(self):
        self.harms_nobody(
            lambda connection: connection.sendall(OK + b"Content-Length: 99999999999\r\n\r\n")
        )

    def test_one_whose_header_never_ends(self):
        def header(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not self.peer.released.is_set():
                connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")

        self.harms_nobody(header)

    def test_one_that_answers_a_byte_at_a_time(self):
        def drip(connection):
            for byte in json_answer(200, {"id": "entry-1", "more": "x" * 1000}):
                connection.sendall(bytes([byte]))
                if self.peer.released.wait(0.1):
                    return

        self.harms_nobody(drip)

    def test_one_that_closes_the_connection(self):
        self.harms_nobody(lambda connection: connection.close())

    def test_one_that_closes_amid_its_answer(self):
        self.harms_nobody(
            lambda connection: connection.sendall(json_answer(200, {"id": "entry-1"})[:-3])
        )

    def test_one_whose_body_is_no_json(self):
        self.harms_nobody(
            lambda connection: connection.sendall(OK + b'Content-Length: 9\r\n\r\n{"id": en')
        )

    def test_one_whose_body_is_nested_without_end(self):
        body = b"[" * 100_000
        self.harms_nobody(
            lambda connection: connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (len(body), body)
            )
        )

    def test_one_that_always_errs(self):
        self.harms_nobody(lambda connection: connection.sendall(json_answer(500, {"oops": True})))


class GoneTest(unittest.TestCase):
    def test_transfers_wait_for_accounts_that_are_gone_and_complete_when_they_are_back(self):
        with World() as world:
            world.prepare()
            port = world.urls["accounts"].rsplit(":", 1)[1]
            world.start_skald()
            world.services["accounts"].kill()
            for number in range(5):
                world.start_saga("money-transfer", f"transfer-{number}", transfer(number))
            self.assertEqual(
                world.start_saga("order-fulfilment", "order-1", order(1), {"Prefer": "wait=10"})[1][
                    "status"
                ],
                "completed",
            )
            world.start_service("accounts", ["--port", port])
            wait_for(
                lambda: len(world.sagas("&definition=money-transfer&status=completed")) == 5,
                "the transfers to complete",
            )


if __name__ == "__main__":
    unittest.main()
