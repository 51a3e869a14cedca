"""The disk under the data directory fills up, on a small file system of its own, and has space
again."""

import ctypes
import os
import pathlib
import re
import tempfile
import unittest

from processes import World, http, transfer, wait_for

LIBC = ctypes.CDLL(None, use_errno=True)
SIZE = 12 << 20
STARTS_MAX = 20_000  # far more than fit
REFUSALS = 20  # one after the other, before the disk counts as full for good


class SmallDisk:
    """A tmpfs, and a file on it that takes all the space that is left."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="skald-disk-"))
        self.filler = self.directory / "filler"
        mounted = LIBC.mount(
            b"skald-test", str(self.directory).encode(), b"tmpfs", 0, f"size={SIZE}".encode()
        )
        if mounted != 0:
            why = os.strerror(ctypes.get_errno())
            self.directory.rmdir()
            raise unittest.SkipTest(
                f"a small file system cannot be mounted here ({why}); run this as root"
            )

    def fill(self):
        """Leaves not one page free."""
        with open(self.filler, "ab", buffering=0) as filler:
            size = 1 << 16
            while size:
                try:
                    if filler.write(b"x" * size) < size:
                        size //= 2
                except OSError:
                    size //= 2

    def free(self):
        self.filler.unlink()

    def close(self):
        LIBC.umount2(str(self.directory).encode(), 2)  # MNT_DETACH: also with files open
        self.directory.rmdir()


class DiskFullTest(unittest.TestCase):
    def setUp(self):
        self.disk = SmallDisk()
        self.addCleanup(self.disk.close)
        self.world = World(services=("accounts",))
        self.addCleanup(self.world.close)
        self.world.prepare_accounts()
        self.world.start_skald(data=self.disk.directory / "data")

    def start(self, saga):
        return self.world.start_saga("money-transfer", saga, transfer(1))

    def start_until_refused(self):
        """Starts transfers until the disk takes no more; returns the ids that were
        acknowledged, and the last refusal. After the first refusal the log is written from its
        beginning again, so some more fit."""
        acknowledged, refusals = [], []
        for number in range(STARTS_MAX):
            self.disk.fill()
            status, answer, headers = self.start(f"transfer-{number}")
            if status == 507:
                refusals.append((f"transfer-{number}", status, answer, headers))
            else:
                self.assertEqual(status, 202, answer)
                acknowledged.append(f"transfer-{number}")
                refusals.clear()
            if len(refusals) == REFUSALS:
                return acknowledged, refusals[-1]
        return self.fail("the disk is full and starts are acknowledged")

    def failed_commits(self):
        text = http("GET", f"{self.world.url}/metrics")[1]
        return int(
            re.search(r"^skald_store_commit_failures_total (\d+)$", text, re.MULTILINE).group(1)
        )

    def completed(self, count):
        wait_for(
            lambda: len(self.world.sagas("&status=completed")) == count,
            f"{count} transfers to complete",
        )

    def test_starts_are_refused_and_leave_no_trace_and_go_on_when_there_is_space(self):
        self.assertEqual(self.start("before")[0], 202)
        self.completed(1)
        self.disk.fill()
        acknowledged, (refused, status, problem, headers) = self.start_until_refused()

        self.assertEqual(
            (status, problem["code"], problem["status"], problem["retryable"]),
            (507, "DISK_FULL", 507, True),
        )
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        self.assertIn("nothing was stored", problem["detail"])
        self.assert_only_reads_work(refused, ["before", *acknowledged])

        self.disk.free()
        status, answer, _ = wait_for(
            lambda: (a := self.start(refused))[0] == 202 and a, "starts to work again"
        )
        self.assertEqual(answer["id"], refused)
        wait_for(
            lambda: http("GET", f"{self.world.url}/readyz")[0] == 200, "the node to be ready again"
        )
        self.completed(len(acknowledged) + 2)
        self.assert_each_effect_once(len(acknowledged) + 2)
        self.assertEqual(self.world.skald.terminate(), 0)

    def assert_only_reads_work(self, refused, acknowledged):
        self.assertEqual(http("GET", f"{self.world.url}/readyz")[:1], (503,))
        self.assertEqual(http("GET", f"{self.world.url}/readyz")[1]["status"], "diskFull")
        self.assertEqual(http("GET", f"{self.world.url}/livez")[0], 200)
        self.assertEqual(sorted(saga["id"] for saga in self.world.sagas()), sorted(acknowledged))
        self.assertEqual(http("GET", f"{self.world.url}/v1/sagas/{refused}")[0], 404)
        self.assertEqual(self.world.saga("before")["status"], "completed")
        self.assertEqual(http("GET", f"{self.world.url}/v1/sagas/before/events")[0], 200)
        self.assertEqual([e for e in self.world.journal("accounts") if e["saga"] == refused], [])

    def assert_each_effect_once(self, transfers):
        total = http("GET", f"{self.world.urls['accounts']}/total")[1]
        self.assertEqual((total["entries"], total["total"]), (2 * transfers, total["opened"]))

    def start_in_flight(self, count):
        """Transfers whose debits are not answered yet."""
        http("PUT", f"{self.world.urls['accounts']}/knobs", {"delayMs": 1500})
        started = [f"in-flight-{number}" for number in range(count)]
        for saga in started:
            self.assertEqual(self.start(saga)[0], 202)
        wait_for(
            lambda: sum(e["saga"] != "" for e in self.world.journal("accounts")) == count,
            "the debits to be called",
        )
        return started

    def test_replies_that_come_while_the_disk_is_full_are_not_lost(self):
        started = self.start_in_flight(5)
        self.disk.fill()
        acknowledged, _ = self.start_until_refused()
        http("PUT", f"{self.world.urls['accounts']}/knobs", {"delayMs": 0})
        failed = self.failed_commits()
        # Only a reply that came and is kept makes the engine try again by itself.
        wait_for(
            lambda: self.failed_commits() >= failed + 2, "the replies to come and be tried again"
        )
        self.disk.free()
        self.completed(len(started) + len(acknowledged))
        self.assert_each_effect_once(len(started) + len(acknowledged))

    def test_it_ends_with_0_on_a_full_disk_and_what_was_acknowledged_is_there_after_a_restart(self):
        started = self.start_in_flight(5)
        self.disk.fill()
        acknowledged, _ = self.start_until_refused()
        acknowledged += started
        self.assertEqual(self.world.skald.terminate(), 0)
        http("PUT", f"{self.world.urls['accounts']}/knobs", {"delayMs": 0})
        self.disk.free()
        self.world.start_skald(data=self.disk.directory / "data")
        self.assertEqual(sorted(saga["id"] for saga in self.world.sagas()), sorted(acknowledged))
        self.completed(len(acknowledged))
        self.assert_each_effect_once(len(acknowledged))
        self.assertEqual(self.world.skald.terminate(), 0)

    def test_on_a_disk_that_is_full_from_the_start_it_says_so(self):
        self.assertEqual(self.world.skald.terminate(), 0)
        self.disk.fill()
        again = self.world.launch_skald(data=self.disk.directory / "another")
        self.assertIsNone(again.first_line())
        self.assertEqual(again.child.wait(20), 1)
        again.child.stdout.close()
        said = self.world.skald_log.strip().splitlines()
        self.assertRegex("\n".join(said[-3:]), r"(?i)(no space|full)")


if __name__ == "__main__":
    unittest.main()
