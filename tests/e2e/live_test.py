"""What clients that look on are told by a real node, over real sockets."""

import http.client
import json
import unittest

from processes import World, transfer, wait_for
from processes import http as ask


class Stream:
    """A client of GET /v1/stream."""

    def __init__(self, world, query="", headers=None):
        self.connection = http_client(world)
        self.connection.request("GET", "/v1/stream" + query, headers=headers or {})
        self.answer = self.connection.getresponse()

    def events(self):
        """Each event as (name, id, data), until the server ends the stream."""
        event = {}
        for line in self.answer:
            text = line.decode().rstrip("\n")
            if text and not text.startswith(":"):
                name, _, value = text.partition(": ")
                event[name] = value
            elif not text and "data" in event:
                yield event["event"], event["id"], json.loads(event["data"])
                event = {}

    def until(self, saga, status):
        """All events up to the one that tells this saga has this status."""
        seen = []
        for event in self.events():
            seen.append(event)
            if event[0] == "saga" and (event[2]["id"], event[2]["status"]) == (saga, status):
                return seen
        raise AssertionError(f"the stream ended before {saga} was {status}")

    def close(self):
        self.answer.close()
        self.connection.close()


def http_client(world):
    return http.client.HTTPConnection("127.0.0.1", world.port, timeout=30)


class LiveTest(unittest.TestCase):
    def setUp(self):
        self.world = World(services=("accounts",))
        self.addCleanup(self.world.close)
        self.world.prepare_accounts()
        self.world.start_skald()

    def open(self, query="", headers=None):
        stream = Stream(self.world, query, headers)
        self.addCleanup(stream.close)
        self.assertEqual(stream.answer.status, 200)
        self.assertEqual(stream.answer.headers["Content-Type"], "text/event-stream")
        return stream

    def start(self, saga):
        status, _, _ = self.world.start_saga(
            "money-transfer", saga, transfer(0), {"Prefer": "wait=20"}
        )
        self.assertEqual(status, 201)

    def test_a_stream_shows_a_saga_to_its_end_as_the_list_does(self):
        stream = self.open()
        self.start("t-1")
        seen = stream.until("t-1", "completed")
        self.assertEqual(seen[0][0], "hello")
        _, page, _ = ask("GET", self.world.url + "/v1/sagas")
        self.assertEqual(seen[-1][2], page["sagas"][0])

    def test_who_comes_back_misses_nothing(self):
        stream = self.open()
        self.start("t-1")
        cursor = stream.until("t-1", "completed")[-1][1]
        stream.close()
        self.start("t-2")
        seen = self.open(headers={"Last-Event-ID": cursor}).until("t-2", "completed")
        self.assertNotIn("resync", [name for name, _, _ in seen])
        self.assertNotIn("t-1", [data.get("id") for _, _, data in seen])

    def test_a_stream_survives_nothing_of_a_killed_node_but_says_so_to_who_comes_back(self):
        stream = self.open()
        self.start("t-1")
        cursor = stream.until("t-1", "completed")[-1][1]
        self.world.skald.kill()
        with self.assertRaises((http.client.HTTPException, OSError, StopIteration)):
            next(stream.events())
        self.world.start_skald()
        events = self.open(f"?after={cursor}").events()
        self.assertEqual(next(events)[0], "hello")
        self.assertEqual(next(events)[0], "resync")
        _, changes, _ = ask("GET", f"{self.world.url}/v1/changes?after={cursor}&wait=0")
        self.assertTrue(changes["resync"])

    def test_a_node_that_stops_ends_its_streams(self):
        stream = self.open()
        self.start("t-1")
        stream.until("t-1", "completed")
        self.assertEqual(self.world.skald.terminate(), 0)
        self.assertEqual(list(stream.events()), [])

    def test_long_polls_show_a_saga_to_its_end(self):
        _, first, _ = ask("GET", self.world.url + "/v1/changes")
        cursor, shown = first["cursor"], {}
        self.start("t-1")

        def completed():
            nonlocal cursor
            _, more, _ = ask("GET", f"{self.world.url}/v1/changes?after={cursor}&wait=5")
            cursor = more["cursor"]
            shown.update({saga["id"]: saga["status"] for saga in more["changes"]})
            return shown.get("t-1") == "completed"

        wait_for(completed, "the saga's end in the changes")


if __name__ == "__main__":
    unittest.main()
