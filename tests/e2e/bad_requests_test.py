"""What clients should not send, sent to the real program: each is refused with its reason,
nothing is stored, and others are served all the while."""

import json
import socket
import unittest

from processes import World, http, transfer, wait_for

GOOD = {"definition": "money-transfer", "id": "good", "input": transfer(1)}


HEAD = b"POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


class BadRequests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(services=())
        cls.addClassCleanup(cls.world.close)
        cls.world.start_skald()
        cls.url = f"{cls.world.url}/v1/sagas"

    def tearDown(self):
        """After whatever a test did: nothing is stored, and the node serves."""
        self.assertEqual(self.world.sagas(), [])
        self.assertEqual(http("GET", f"{self.world.url}/readyz")[:2], (200, {"status": "ready"}))
        self.assertIsNone(self.world.skald.child.poll())
        self.assertNotIn(" error ", self.world.skald_log, "a refusal is no error of the node")

    def assert_problem(self, answer, status, code, *pointers):
        seen, problem, headers = answer
        self.assertEqual(
            (seen, problem["code"], problem["status"]), (status, code, status), problem
        )
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        self.assertTrue(problem["title"] and problem["detail"])
        for pointer in pointers:
            self.assertIn(pointer, [error["pointer"] for error in problem["errors"]])
        return problem


class BodiesTest(BadRequests):
    def refused(self, body, status, code, *pointers):
        return self.assert_problem(http("POST", self.url, body), status, code, *pointers)

    def test_a_body_that_is_not_json_is_told_the_place(self):
        self.refused(b'{"definition":\n  money}', 400, "MALFORMED_JSON", "2:3")

    def test_an_empty_body(self):
        self.refused(b"", 400, "MALFORMED_JSON")

    def test_a_body_of_another_type(self):
        answer = http("POST", self.url, json.dumps(GOOD).encode(), {"Content-Type": "text/plain"})
        self.assert_problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_a_hundred_thousand_levels_of_arrays(self):
        problem = self.refused(b"[" * 100_000, 400, "MALFORMED_JSON")
        self.assertIn("nested deeper than", problem["errors"][0]["detail"])

    def test_a_hundred_thousand_levels_of_objects_within_a_good_request(self):
        deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
        self.refused(json.dumps(GOOD).encode().replace(b'"account-1"', deep), 400, "MALFORMED_JSON")

    def test_ten_megabytes(self):
        head = HEAD + b"Content-Length: 10000000\r\n\r\n"
        status, answer = exchange(self.world.port, head)
        self.assertEqual((status, answer["code"]), (413, "BODY_TOO_LARGE"))

    def test_ten_megabytes_in_chunks(self):
        head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        status, answer = exchange(self.world.port, head + chunk * 160)
        self.assertEqual((status, answer["code"]), (413, "BODY_TOO_LARGE"))

    def test_bytes_that_are_not_utf_8(self):
        body = json.dumps(GOOD).encode()
        for bad in (b"account\xff1", b"account\xc0\x80", b"account\xed\xa0\x80"):
            self.refused(body.replace(b"account-1", bad), 400, "MALFORMED_JSON")

    def test_a_field_named_twice_or_a_value_after_the_end(self):
        body = json.dumps(GOOD).encode()
        self.refused(body + b"{}", 400, "MALFORMED_JSON")
        self.refused(b'{"id":"a",' + body[1:], 400, "MALFORMED_JSON")

    def test_unknown_fields_are_named_with_those_there_are(self):
        problem = self.refused({**GOOD, "inptu": {}}, 422, "INVALID_ARGUMENT", "/inptu")
        self.assertIn("input", problem["errors"][0]["detail"])
        self.refused(
            {**GOOD, "input": {**transfer(1), "currency": "EUR"}},
            422,
            "INVALID_ARGUMENT",
            "/input/currency",
        )

    def test_wrong_types(self):
        self.refused(
            {**GOOD, "input": {**transfer(1), "amount": "much"}},
            422,
            "INVALID_ARGUMENT",
            "/input/amount",
        )
        self.refused(
            {**GOOD, "input": {**transfer(1), "amount": 1.5}},
            422,
            "INVALID_ARGUMENT",
            "/input/amount",
        )
        self.refused(
            {**GOOD, "input": {**transfer(1), "amount": 0}},
            422,
            "INVALID_ARGUMENT",
            "/input/amount",
        )
        self.refused({**GOOD, "input": []}, 422, "INVALID_ARGUMENT", "/input")
        self.refused({**GOOD, "definition": 7}, 422, "INVALID_ARGUMENT", "/definition")
        self.refused({**GOOD, "id": 7}, 422, "INVALID_ARGUMENT", "/id")
        self.refused([GOOD], 422, "INVALID_ARGUMENT", "")
        self.refused(b"null", 422, "INVALID_ARGUMENT", "")

    def test_missing_input_and_every_error_at_once(self):
        self.refused({"definition": "money-transfer"}, 422, "INVALID_ARGUMENT", "/input")
        self.refused(
            {"definition": "money-transfer", "input": {}, "id": "a b", "x": 1},
            422,
            "INVALID_ARGUMENT",
            "/input/source",
            "/input/target",
            "/input/amount",
            "/id",
            "/x",
        )

    def test_an_unknown_definition_or_version(self):
        problem = self.refused(
            {**GOOD, "definition": "nonsense"}, 422, "INVALID_ARGUMENT", "/definition"
        )
        self.assertIn("'money-transfer', 'order-fulfilment'", problem["errors"][0]["detail"])
        self.refused({**GOOD, "version": 99}, 422, "INVALID_ARGUMENT", "/version")

    def test_ids_that_are_none(self):
        for bad in ("", "a/b", "x" * 201, "sk_1", "é", "a\u0000b", "a\nb"):
            self.refused({**GOOD, "id": bad}, 422, "INVALID_ARGUMENT", "/id")

    def test_idempotency_keys_that_are_none(self):
        for bad in ('"open', "x" * 600, '""'):
            answer = http("POST", self.url, GOOD, {"Idempotency-Key": bad})
            self.assert_problem(answer, 400, "BAD_IDEMPOTENCY_KEY")


class RoutesTest(BadRequests):
    def get(self, path):
        return http("GET", f"{self.world.url}{path}")

    def test_unknown_sagas(self):
        for path in ("", "/events", "/explain"):
            self.assert_problem(self.get(f"/v1/sagas/none{path}"), 404, "NOT_FOUND")
        for action, body in (
            ("retry", None),
            ("cancel", {}),
            ("compensate", {"reason": "r"}),
            ("skip", {"step": "debit-source", "as": "done", "reason": "r"}),
        ):
            self.assert_problem(http("POST", f"{self.url}/none/{action}", body), 404, "NOT_FOUND")

    def test_unknown_paths_and_definitions(self):
        self.assert_problem(self.get("/v2/sagas"), 404, "ROUTE_NOT_FOUND")
        self.assert_problem(self.get("/v1/sagas/a/b/c"), 404, "ROUTE_NOT_FOUND")
        self.assert_problem(self.get("/v1/definitions/none"), 404, "NOT_FOUND")

    def test_bad_page_tokens(self):
        for token in ("nonsense", "%00", "x" * 2000, "%ff%fe"):
            self.assertEqual(self.get(f"/v1/sagas?pageToken={token}")[0], 400)
        self.assert_problem(
            self.get("/v1/sagas?pageToken=nonsense"), 400, "BAD_PAGE_TOKEN", "pageToken"
        )

    def test_bad_parameters_are_named_with_those_there_are(self):
        self.assert_problem(self.get("/v1/sagas?state=running"), 400, "INVALID_ARGUMENT", "state")
        self.assert_problem(
            self.get("/v1/sagas?status=sleeping"), 400, "INVALID_ARGUMENT", "status"
        )
        self.assert_problem(self.get("/v1/sagas?pageSize=0"), 400, "INVALID_ARGUMENT", "pageSize")
        self.assert_problem(
            self.get("/v1/sagas?pageSize=99999999999999999999"), 400, "INVALID_ARGUMENT", "pageSize"
        )
        self.assert_problem(
            self.get("/v1/sagas?createdFrom=yesterday"), 400, "INVALID_ARGUMENT", "createdFrom"
        )

    def test_a_method_that_the_path_has_not(self):
        answer = http("DELETE", self.url)
        self.assert_problem(answer, 405, "METHOD_NOT_ALLOWED")
        self.assertIn("POST", answer[2]["Allow"])

    def test_a_method_that_nobody_has(self):
        self.assert_problem(http("BREW", self.url), 501, "METHOD_UNKNOWN")


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answer_on(connection):
    """(status, JSON body) of the one answer on the connection, which the server closes after a
    refusal."""
    received = b""
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:  # what was sent and not read makes the close a reset
            part = b""
        if not part:
            break
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    assert head, "the connection was closed without an answer"
    return int(head.split()[1]), json.loads(body)


def exchange(port, request):
    with connect(port) as connection:
        try:
            connection.sendall(request)
        except OSError:
            pass  # refused before all was sent; the answer says why
        return answer_on(connection)


class RawTest(BadRequests):
    BODY = json.dumps(GOOD).encode()

    def refused(self, head, status, body=b""):
        seen, problem = exchange(self.world.port, head + b"\r\n" + body)
        self.assertEqual((seen, problem["status"]), (status, status), problem)
        self.assertTrue(problem["detail"] and problem["code"])

    def test_two_ways_to_say_where_a_body_ends(self):
        head = b"POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        both = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(self.BODY)
        self.refused(head + both, 400, b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.BODY), self.BODY))
        two = b"Content-Length: %d\r\nContent-Length: %d\r\n" % (len(self.BODY), len(self.BODY) + 1)
        self.refused(head + two, 400, self.BODY)

    def test_lengths_that_are_none(self):
        for length in (b"-1", b"0x10", b"1e3", b"99999999999999999999999", b"1 1"):
            seen, problem = exchange(
                self.world.port,
                b"POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + length
                + b"\r\n\r\n",
            )
            self.assertIn(seen, (400, 413), problem)

    def test_a_header_of_64_kb(self):
        self.refused(
            b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 65536 + b"\r\n", 431
        )

    def test_a_target_of_64_kb(self):
        self.refused(
            b"GET /v1/sagas?pageToken=" + b"x" * 65536 + b" HTTP/1.1\r\nHost: localhost\r\n", 431
        )

    def test_what_is_no_http(self):
        for nonsense in (
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"GET\r\n",
            b"GET /livez HTTP/9.9\r\nHost: localhost\r\n",
            b"GET /livez HTTP/1.1\r\nHost: localhost\r\nbad header\r\n",
        ):
            seen, problem = exchange(self.world.port, nonsense + b"\r\n\r\n")
            self.assertIn(seen, (400, 505), problem)

    def test_a_host_that_is_not_ours(self):
        self.refused(b"GET /livez HTTP/1.1\r\nHost: evil.example\r\n", 421)

    def test_clients_that_drip_their_header_keep_nobody_waiting(self):
        slow = [connect(self.world.port) for _ in range(50)]
        try:
            for connection in slow:
                connection.sendall(b"POST /v1/sagas HTTP/1.1\r\nHo")
            for number in range(20):
                self.assertEqual(http("GET", f"{self.world.url}/livez", timeout=5)[0], 200)
                slow[number].sendall(b"s")
        finally:
            for connection in slow:
                connection.close()

    def test_a_client_that_goes_away_amid_its_body_starts_nothing(self):
        with connect(self.world.port) as connection:
            connection.sendall(
                b"POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(self.BODY), self.BODY[:-1])
            )
        self.assertEqual(http("GET", f"{self.world.url}/livez")[0], 200)


class ReusedIdTest(unittest.TestCase):
    def test_an_id_with_another_content_is_refused_and_the_first_saga_stays(self):
        with World(services=()) as world:
            world.start_skald()
            url = f"{world.url}/v1/sagas"
            self.assertEqual(http("POST", url, GOOD)[0], 202)
            self.assertEqual(http("POST", url, GOOD)[0], 200)
            for other in (
                {**GOOD, "input": transfer(2)},
                {**GOOD, "tags": {"a": "b"}},
                {**GOOD, "businessKey": "k"},
            ):
                status, problem, _ = http("POST", url, other)
                self.assertEqual((status, problem["code"]), (409, "ID_CONFLICT"), problem)
            self.assertEqual([saga["id"] for saga in world.sagas()], ["good"])
            wait_for(
                lambda: world.saga("good")["status"] in ("failed", "compensated"),
                "the saga without participant to end",
            )
            self.assertEqual(world.saga("good")["input"], GOOD["input"])


if __name__ == "__main__":
    unittest.main()
