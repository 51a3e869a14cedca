"""The tutorial is what a reader types: its commands run, and end as it says."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from processes import BUILD, ROOT, Process, free_port, http, wait_for  # noqa: E402

PAGE = (ROOT / "examples/tutorial/README.md").read_text()
BLOCKS = {
    (mark, name): text
    for mark, name, text in re.findall(
        r"<!-- (\w+): (\S+) -->\n```\w+\n(.*?)\n```", PAGE, re.DOTALL
    )
}


def commands(name):
    return BLOCKS[("run", name)].splitlines()


class TutorialTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="skald-tutorial-"))
        self.environment = dict(os.environ)
        paths = (BUILD / "http", BUILD / "examples/services")
        self.environment["PATH"] = ":".join([*map(str, paths), self.environment["PATH"]])

    def tearDown(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def run_command(self, command):
        ran = subprocess.run(
            shlex.split(command),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(ran.returncode, 0, f"{command}\n{ran.stdout}\n{ran.stderr}")
        return ran.stdout

    def test_every_block_is_marked_and_run_here(self):
        self.assertEqual(len(BLOCKS), PAGE.count("\n```") // 2)
        self.assertEqual(
            {name for mark, name in BLOCKS if mark == "run"},
            {"path", "lint", "test", "unwind", "diagram", "servers", "client", "confirm"},
        )
        for directory in re.findall(r"\$PWD/build/release/([^:]+):", BLOCKS[("run", "path")]):
            self.assertTrue((BUILD / directory).is_dir(), directory)

    def test_the_part_that_is_shown_stands_in_the_document(self):
        document = (ROOT / "examples/tutorial/small_order.json").read_text()
        self.assertIn(BLOCKS[("part", "small_order.json")], document)

    def test_the_document_is_checked_tested_and_drawn(self):
        self.assertIn("is acceptable", self.run_command(*commands("lint")))
        self.assertIn("an address nobody serves", self.run_command(*commands("test")))
        self.assertIn("pay", self.run_command(*commands("unwind")))
        self.assertIn("stateDiagram-v2", self.run_command(*commands("diagram")))

    def test_what_is_wrong_is_told_with_its_place(self):
        document = (ROOT / "examples/tutorial/small_order.json").read_text()
        wrong = self.directory / "wrong.json"
        wrong.write_text(document.replace("${input.customer}", "${input.custommer}"))
        ran = subprocess.run(
            [BUILD / "http/skald", "def", "lint", wrong],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(ran.returncode, 1)
        self.assertRegex(ran.stderr, r"wrong\.json:\d+:\d+ .*custommer.*customer")

    def test_the_order_runs_as_the_tutorial_says(self):
        services, serve = (shlex.split(command) for command in commands("servers"))
        port, first = free_port(), 7101
        base = self.free_base()
        replace = lambda word: re.sub(  # noqa: E731
            r":(710\d)$", lambda found: f":{base + int(found[1]) - first}", word
        ).replace("/tmp/skald-tutorial", str(self.directory))
        services = [str(base) if word == "7101" else replace(word) for word in services]
        serve = [replace(word) for word in serve] + ["--listen", f"127.0.0.1:{port}"]
        serve = [str(ROOT / word) if word.endswith(".json") else word for word in serve]
        services[0], serve[0] = BUILD / "examples/services/skald-services", BUILD / "http/skald"
        shop = Process(services, self.directory / "shop.log")
        skald = None
        try:
            self.assertTrue(shop.first_line(), (self.directory / "shop.log").read_text())
            skald = Process(serve, self.directory / "skald.log")
            self.assertTrue(skald.first_line(), (self.directory / "skald.log").read_text())
            self.drive(f"http://127.0.0.1:{port}", port)
        finally:
            for process in filter(None, (skald, shop)):
                process.terminate()

    def free_base(self):
        """A port with four free ones after it, as far as one can know."""
        return free_port() - 5

    def drive(self, url, port):
        run = lambda command: self.run_command(  # noqa: E731
            command.replace("localhost:7070", f"127.0.0.1:{port}")
        )
        start, explain = commands("client")
        self.assertEqual(json.loads(run(start))["id"], "o-1")
        waits = lambda: "confirmed" in run(explain)  # noqa: E731
        wait_for(waits, "the order to wait for its confirmation")
        confirm, look, second, confirm_second = commands("confirm")
        run(confirm)
        wait_for(
            lambda: json.loads(run(look))["status"] == "completed", "the first order to complete"
        )
        run(second)
        self.assertEqual(json.loads(run(confirm_second))["delivered"], 1)
        wait_for(
            lambda: http("GET", f"{url}/v1/sagas/o-2")[1]["status"] == "compensated",
            "the second order to be compensated",
        )


if __name__ == "__main__":
    unittest.main()
