"""The examples of other engines, as documents: acceptable, tested, and proven to unwind."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from processes import BUILD, ROOT  # noqa: E402

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


if __name__ == "__main__":
    unittest.main()
