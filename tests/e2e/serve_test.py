"""The program `skald serve` as the one who operates it meets it: options, signals, and what it
refuses to open."""

import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import unittest

from processes import BUILD, ROOT, World, http, transfer, wait_for

SKALD = BUILD / "http/skald"


def skald(*arguments):
    """Runs the program to its end."""
    return subprocess.run(
        [SKALD, *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False
    )


def contents(directory):
    """Every file below the directory, with its bytes."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


class OptionsTest(unittest.TestCase):
    def test_help_names_every_option_of_serve(self):
        answer = skald("serve", "--help")
        declared = set(
            re.findall(r'"(--[a-z][a-z-]*)"', (ROOT / "http/cli/program.cpp").read_text())
        ) - {"--version"}
        self.assertIn("--listen", declared)
        self.assertEqual(answer.returncode, 0)
        helps = [answer.stdout]
        for command in ("lint", "show", "diagram", "test"):
            helps.append(skald("def", command, "--help").stdout)
        shown = {option for text in helps for option in re.findall(r"^  (--[a-z-]+)", text, re.M)}
        self.assertEqual(shown, declared)
        self.assertNotIn("--help", answer.stderr)

    def test_version_is_that_of_the_project(self):
        answer = skald("--version")
        version = re.search(
            r"project\(skald VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()
        ).group(1)
        self.assertEqual((answer.returncode, answer.stdout.strip()), (0, version))

    def test_without_a_command_it_says_which_to_give(self):
        answer = skald()
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("serve --help", answer.stderr)


class WrongOptionsTest(unittest.TestCase):
    """Each is refused with a sentence that says what would be right, before the data directory
    is touched."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="skald-test-"))
        self.addCleanup(shutil.rmtree, self.directory)

    def assert_refused(self, *options, saying):
        made = World(services=())
        self.addCleanup(made.close)
        made.start_skald()
        self.assertEqual(made.skald.terminate(), 0)
        present = made.directory / "skald"
        before = contents(present)
        self.assertIn("skald.db", before)
        listen = () if "--listen" in options else ("--listen", "127.0.0.1:0")
        for data in (self.directory / "missing", present):
            answer = skald("serve", "--data", data, *listen, *options)
            self.assertNotEqual(answer.returncode, 0)
            self.assertEqual(answer.stdout, "")
            for words in saying:
                self.assertIn(words, answer.stderr)
        self.assertFalse((self.directory / "missing").exists(), "a data directory was made")
        self.assertEqual(contents(present), before, "the data directory was changed")

    def test_an_address_that_is_none(self):
        self.assert_refused(
            "--listen", "nonsense", saying=["nonsense", "host:port", "127.0.0.1:7070"]
        )

    def test_a_port_that_is_none(self):
        self.assert_refused("--listen", "127.0.0.1:70000", saying=["70000", "host:port"])

    def test_an_address_that_others_could_reach(self):
        self.assert_refused("--listen", "0.0.0.0:0", saying=["0.0.0.0", "use 127.0.0.1 or ::1"])

    def test_a_port_in_use(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            address = f"127.0.0.1:{other.getsockname()[1]}"
            self.assert_refused(
                "--listen", address, saying=[address, "in use", "port 0 picks any free one"]
            )

    def test_a_participant_without_a_url(self):
        self.assert_refused(
            "--participant", "accounts", saying=["'accounts'", "NAME=http://HOST[:PORT]"]
        )

    def test_a_participant_that_is_not_on_loopback(self):
        self.assert_refused(
            "--participant",
            "accounts=http://10.1.2.3:80",
            saying=["'accounts'", "10.1.2.3", "127.0.0.1"],
        )

    def test_a_participant_named_twice(self):
        self.assert_refused(
            "--participant",
            "a=http://127.0.0.1:1",
            "--participant",
            "a=http://127.0.0.1:2",
            saying=["a: this name is used twice", "must be unique"],
        )

    def test_a_secret_written_out_is_not_repeated(self):
        for text in ("hunter2", "token=hunter2"):
            self.assert_refused("--secret", text, saying=["secret", "NAME=env:VARIABLE"])
            answer = skald("serve", "--data", self.directory / "none", "--secret", text)
            self.assertNotIn("hunter2", answer.stdout + answer.stderr)

    def test_secrets_that_are_not_there_are_named_all_at_once(self):
        self.assert_refused(
            *("--secret", "api=env:SKALD_TEST_UNSET", "--secret", "db=file:/nowhere/at/all"),
            saying=[
                "api: the environment variable SKALD_TEST_UNSET is not set",
                "db: the file /nowhere/at/all cannot be opened",
            ],
        )

    def test_a_number_out_of_range(self):
        self.assert_refused("--drain", "-1", saying=["--drain", "0 to 3600"])

    def test_a_log_level_that_is_none(self):
        self.assert_refused(
            "--log-level", "loud", saying=["--log-level", "debug,info,warning,error"]
        )

    def test_a_crash_point_that_is_none(self):
        self.assert_refused("--crash-at", "never:1", saying=["'never:1'", "before_commit"])

    def test_an_unknown_option(self):
        self.assert_refused("--nonsense", saying=["--nonsense", "serve --help"])


class DataDirectoryTest(unittest.TestCase):
    def setUp(self):
        self.world = World(services=())
        self.addCleanup(self.world.close)
        self.data = self.world.directory / "skald"

    def refused(self):
        """What a skald that must not start says; it must leave skald.db as it is."""
        before = (self.data / "skald.db").read_bytes()
        answer = skald("serve", "--data", self.data, "--listen", "127.0.0.1:0")
        self.assertEqual((answer.returncode, answer.stdout), (1, ""))
        self.assertEqual((self.data / "skald.db").read_bytes(), before)
        return answer.stderr

    def make(self):
        self.world.start_skald()
        self.assertEqual(self.world.skald.terminate(), 0)

    def test_a_second_skald_is_told_the_pid_of_the_first_which_goes_on(self):
        self.world.start_skald()
        answer = skald("serve", "--data", self.data, "--listen", "127.0.0.1:0")
        self.assertEqual((answer.returncode, answer.stdout), (1, ""))
        self.assertRegex(answer.stderr, rf"in use by the process {self.world.skald.child.pid}\b")
        self.assertIn("stop that process, or give this one a directory of its own", answer.stderr)
        self.assertEqual(http("GET", f"{self.world.url}/readyz")[0], 200)
        self.assertEqual(
            self.world.start_saga("money-transfer", "still-works", transfer(0))[0], 202
        )

    def test_a_file_that_is_no_database_is_refused(self):
        self.data.mkdir()
        (self.data / "skald.db").write_bytes(os.urandom(20_000))
        said = self.refused()
        self.assertIn(f"{self.data}/skald.db is no SQLite database", said)
        self.assertIn("restore a backup, or move the file away", said)

    def test_a_database_overwritten_with_garbage_is_refused(self):
        self.make()
        size = (self.data / "skald.db").stat().st_size
        with open(self.data / "skald.db", "r+b") as database:
            database.seek(100)  # after the header of the file
            database.write(os.urandom(size - 100))
        said = self.refused()
        self.assertIn(f"{self.data}/skald.db", said)
        self.assertIn("backup", said)

    def test_a_database_cut_short_is_refused(self):
        self.make()
        os.truncate(self.data / "skald.db", 8192)
        said = self.refused()
        self.assertIn("is damaged: it has 8192 bytes", said)
        self.assertIn("restore a backup", said)

    def test_a_database_of_a_newer_skald_is_refused(self):
        self.make()
        database = sqlite3.connect(self.data / "skald.db")
        database.execute("PRAGMA user_version = 999")
        database.commit()
        database.close()
        said = self.refused()
        self.assertIn("999", said)
        self.assertRegex(said, r"(?i)newer")


class RunningTest(unittest.TestCase):
    def test_it_says_in_its_first_line_where_it_listens(self):
        with World(services=()) as world:
            world.skald = world.launch_skald(listen="127.0.0.1:0")
            line = world.skald.first_line()
            self.assertRegex(line["listening"], r"^127\.0\.0\.1:[1-9][0-9]*$")
            self.assertEqual(list(line), ["listening"])
            self.assertEqual(
                http("GET", f"http://{line['listening']}/livez")[:2], (200, {"status": "ok"})
            )

    def test_it_listens_on_the_loopback_address_of_ipv6(self):
        with World(services=()) as world:
            world.skald = world.launch_skald(listen="[::1]:0")
            line = world.skald.first_line()
            if line is None and "[::1]" in world.skald_log and "address" in world.skald_log:
                self.skipTest("this machine has no IPv6 loopback: " + world.skald_log.strip())
            self.assertRegex(line["listening"], r"^\[::1\]:[1-9][0-9]*$")
            self.assertEqual(http("GET", f"http://{line['listening']}/livez")[0], 200)

    def test_it_is_live_and_ready(self):
        with World(services=()) as world:
            world.start_skald()
            self.assertEqual(http("GET", f"{world.url}/livez")[:2], (200, {"status": "ok"}))
            self.assertEqual(http("GET", f"{world.url}/readyz")[:2], (200, {"status": "ready"}))

    def test_a_participant_that_is_not_configured_is_named_at_the_start(self):
        with World(services=()) as world:
            world.start_skald()
            self.assertIn("--participant accounts=http://host:port", world.skald_log)


class DrainTest(unittest.TestCase):
    """Services hold their answers back, so that calls are in flight when the signal comes."""

    def in_flight(self, world, count):
        for number in range(count):
            self.assertEqual(
                world.start_saga("money-transfer", f"transfer-{number}", transfer(number))[0], 202
            )
        wait_for(
            lambda: len(world.journal("accounts")) > count, "the first calls to reach the accounts"
        )

    def assert_all_complete_with_one_effect_each(self, world, count):
        wait_for(
            lambda: len(world.sagas("&status=completed")) == count, "all transfers to complete"
        )
        effects = [
            (entry["saga"], entry["step"])
            for entry in world.journal("accounts")
            if entry["effect"] and entry["saga"]
        ]
        self.assertEqual(len(effects), 2 * count)
        self.assertEqual(len(set(effects)), 2 * count)
        total = http("GET", f"{world.urls['accounts']}/total")[1]
        self.assertEqual((total["total"], total["consistent"]), (total["opened"], True))

    def drain_and_restart(self, stop, drain, delay):
        with World(services=("accounts",)) as world:
            world.prepare_accounts()
            http("PUT", f"{world.urls['accounts']}/knobs", {"delayMs": delay})
            world.start_skald("--drain", str(drain))
            self.in_flight(world, 12)
            world.skald.child.send_signal(stop)
            self.assert_refuses_starts_while_draining(world)
            self.assertEqual(world.skald.child.wait(20), 0, world.skald_log)
            http("PUT", f"{world.urls['accounts']}/knobs", {"delayMs": 0})
            world.skald.child.stdout.close()
            world.start_skald()
            self.assert_all_complete_with_one_effect_each(world, 12)
            self.assertEqual(world.skald.terminate(), 0)

    def assert_refuses_starts_while_draining(self, world):
        """The signal arrives at its own time: starts are repeated until one is refused."""

        def refused():
            answer = world.start_saga("money-transfer", "transfer-0", transfer(0))
            return answer if answer[0] != 200 else None

        status, problem, headers = wait_for(refused, "a start to be refused")
        self.assertEqual(
            (status, problem["code"], problem["retryable"]), (503, "SHUTTING_DOWN", True)
        )
        self.assertGreater(int(headers["Retry-After"]), 0)
        status, answer, _ = http("GET", f"{world.url}/readyz")
        self.assertEqual((status, answer["status"]), (503, "draining"))
        self.assertEqual(world.saga("transfer-0")["id"], "transfer-0", "reads go on")

    def test_sigterm_lets_calls_in_flight_end_and_a_restart_completes_the_sagas(self):
        self.drain_and_restart(signal.SIGTERM, drain=20, delay=1000)

    def test_sigint_does_the_same(self):
        self.drain_and_restart(signal.SIGINT, drain=20, delay=1000)

    def test_calls_that_outlast_the_drain_are_made_again_and_have_no_second_effect(self):
        self.drain_and_restart(signal.SIGTERM, drain=1, delay=4000)

    def test_sigterm_with_nothing_to_do_ends_at_once(self):
        with World(services=()) as world:
            world.start_skald("--drain", "3600")
            self.assertEqual(world.skald.terminate(patience=5), 0)


if __name__ == "__main__":
    unittest.main()
