"""examples/quickstart.sh, as a newcomer runs it."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from processes import ROOT, http, wait_for

QUICKSTART = ROOT / "examples/quickstart.sh"


def processes_of(session):
    """The processes of a session that are alive, by id."""
    alive = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[3]) == session and fields[0] != "Z":
                alive[int(entry.name)] = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                )
        except (OSError, IndexError):
            continue  # it ended while we looked
    return alive


class OptionsTest(unittest.TestCase):
    def run_with(self, *arguments):
        return subprocess.run(
            [QUICKSTART, *arguments], capture_output=True, text=True, timeout=60, check=False
        )

    def test_help_names_every_option(self):
        answer = self.run_with("--help")
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        for option in ("--once", "--port PORT", "--count N"):
            self.assertIn(option, answer.stdout)

    def test_an_unknown_option_is_refused_with_the_usage(self):
        answer = self.run_with("--nonsense")
        self.assertEqual((answer.returncode, answer.stdout), (2, ""))
        self.assertIn("usage:", answer.stderr)

    def test_an_option_without_its_number_is_refused(self):
        for arguments in (["--port"], ["--count", "many"], ["--port", "-1"]):
            answer = self.run_with(*arguments)
            self.assertEqual((answer.returncode, answer.stdout), (2, ""))
            self.assertIn("needs a number", answer.stderr)


class RunTest(unittest.TestCase):
    def setUp(self):
        self.temporary = pathlib.Path(tempfile.mkdtemp(prefix="skald-quickstart-"))
        self.addCleanup(shutil.rmtree, self.temporary, True)
        self.output = self.temporary / "output"
        self.work = self.temporary / "work"
        self.work.mkdir()

    def launch(self, *arguments):
        """In a session of its own, with temporary files of its own."""
        with open(self.output, "wb") as output:
            child = subprocess.Popen(
                [QUICKSTART, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "TMPDIR": str(self.work)},
                start_new_session=True,
            )
        self.addCleanup(self.end, child)
        return child

    def end(self, child):
        for pid in processes_of(child.pid):
            os.kill(pid, signal.SIGKILL)
        child.wait()

    @property
    def printed(self):
        return self.output.read_text()

    def assert_nothing_is_left(self, child):
        wait_for(
            lambda: not processes_of(child.pid),
            f"its processes to end: {processes_of(child.pid)}",
            patience=10,
        )
        self.assertEqual(list(self.work.iterdir()), [])

    def test_once_runs_every_saga_to_its_expected_end_and_leaves_nothing(self):
        child = self.launch("--once", "--port", "0", "--count", "20")
        self.assertEqual(child.wait(240), 0, self.printed)
        rows = [line.split() for line in self.printed.splitlines()]
        for row in (
            ["money-transfer", "completed", "12", "12"],
            ["money-transfer", "failed", "4", "4"],
            ["money-transfer", "compensated", "4", "4"],
            ["order-fulfilment", "completed", "14", "14"],
            ["order-fulfilment", "compensated", "6", "6"],
        ):
            self.assertIn(row, rows, self.printed)
        self.assertEqual(len([row for row in rows if row[:1] == ["ok"]]), 6, self.printed)
        self.assertNotIn("differs", self.printed)
        self.assert_nothing_is_left(child)

    def interrupt(self, child):
        """As Ctrl-C does: to every process of the group in the foreground."""
        os.killpg(child.pid, signal.SIGINT)
        self.assertEqual(child.wait(30), 130, self.printed)
        self.assert_nothing_is_left(child)

    def test_it_stays_up_and_ctrl_c_leaves_no_process_and_no_file(self):
        child = self.launch("--port", "0", "--count", "5")
        wait_for(
            lambda: "Ctrl-C ends it." in self.printed or child.poll() is not None,
            "the end of the run",
            patience=240,
        )
        self.assertIsNone(child.poll(), self.printed)
        started = [
            line
            for line in processes_of(child.pid).values()
            if "skald" in line and "--data" in line
        ]
        self.assertEqual(len(started), 6, started)
        url = next(
            word
            for word in self.printed.split()
            if word.startswith("http://") and word.endswith("/readyz")
        )
        self.assertEqual(http("GET", url)[0], 200)
        self.interrupt(child)

    def test_ctrl_c_in_the_midst_leaves_no_process_and_no_file(self):
        child = self.launch("--port", "0", "--count", "2000")
        wait_for(
            lambda: "Running 2000 transfers" in self.printed or child.poll() is not None,
            "the run to begin",
            patience=240,
        )
        self.interrupt(child)

    def test_a_port_that_is_taken_is_replaced_by_a_free_one(self):
        first = self.launch("--port", "0", "--count", "1")
        wait_for(
            lambda: "Ctrl-C ends it." in self.printed or first.poll() is not None,
            "the end of the run",
            patience=240,
        )
        url = next(
            word
            for word in self.printed.split()
            if word.startswith("http://") and word.endswith("/readyz")
        )
        port = url.rsplit(":", 1)[1].split("/")[0]
        second = subprocess.run(
            [QUICKSTART, "--once", "--port", port, "--count", "1"],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        self.assertEqual(second.returncode, 0, second.stdout + second.stderr)
        self.assertIn(f"port {port} is taken", second.stdout)
        self.interrupt(first)


if __name__ == "__main__":
    unittest.main()
