"""Kills the engine at each named crash point, and checks what is left after a restart."""

import gzip
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from checker import ENDS, check  # noqa: E402
from processes import ROOT, World, order, transfer, wait_for  # noqa: E402

NAMES = re.findall(
    r'"(\w+)"',
    (ROOT / "engine/orchestrator/crash_points.hpp")
    .read_text()
    .split("crash_point_names{")[1]
    .split("}")[0],
)
# How many batches pass before the process dies: in the first start, amid steps, and amid undos.
COUNTS = (1, 2, 3, 5, 8, 13)


class CrashPointsTest(unittest.TestCase):
    def die_at(self, point):
        with World(["--refuse", "0.2", "--error-after-effect", "0.1"]) as world:
            world.prepare()
            acknowledged = []
            for count in COUNTS:
                world.start_skald("--crash-at", f"{point}:{count}")
                acknowledged += self.start_some(world, count)
                world.skald.child.wait(30)
                self.assertEqual(
                    world.skald.child.returncode, -9, "the process did not die at the point"
                )
                world.skald.child.stdout.close()
            world.start_skald()
            wait_for(
                lambda: all(s["status"] in ENDS | {"stuck"} for s in world.sagas()),
                "all sagas to end",
                pause=0.1,
            )
            problems = check(world, acknowledged)
            self.assertEqual(problems, [], "\n".join(problems[:20]))
            self.assertEqual(world.skald.terminate(), 0)

    def start_some(self, world, run):
        """Starts sagas until the engine dies under it; returns those it acknowledged."""
        acknowledged = []
        for number in range(1000):
            saga = f"saga-{run}-{number}"
            definition, body = (
                ("money-transfer", transfer(number))
                if number % 2
                else ("order-fulfilment", order(run * 1000 + number))
            )
            try:
                status, _, _ = world.start_saga(definition, saga, body)
            except OSError:
                return acknowledged
            self.assertIn(status, (201, 202))
            acknowledged.append(saga)
        self.fail("the engine outlived 1000 starts")

    def test_every_crash_point_has_a_test(self):
        self.assertTrue(NAMES)
        for name in NAMES:
            self.assertTrue(hasattr(self, f"test_{name}"), f"the crash point {name} has no test")

    def test_before_commit(self):
        self.die_at("before_commit")

    def test_after_commit(self):
        self.die_at("after_commit")

    def test_after_answers(self):
        self.die_at("after_answers")

    def test_after_dispatch(self):
        self.die_at("after_dispatch")

    def test_after_archive(self):
        """Sagas may be archived twice, but none is lost."""
        with World(services=("accounts",)) as world:
            world.prepare_accounts()
            archive = world.directory / "archive"
            keep_few = ("--retain-count", "3", "--archive", archive)
            world.start_skald()
            started = [f"saga-{number}" for number in range(20)]
            for number, saga in enumerate(started):
                world.start_saga("money-transfer", saga, transfer(number), {"Prefer": "wait=20"})
            self.assertEqual(world.skald.terminate(), 0)
            world.skald = world.launch_skald("--crash-at", "after_archive:1", *keep_few)
            world.skald.child.wait(60)
            self.assertEqual(world.skald.child.returncode, -9)
            world.skald.child.stdout.close()
            archived = sagas_in(archive)
            self.assertTrue(archived)
            world.start_skald(*keep_few)
            wait_for(lambda: len(world.sagas()) == 3, "all but three to be removed", pause=0.1)
            self.assertEqual(world.skald.terminate(), 0)
            all_archived = sagas_in(archive)
            self.assertEqual(len(all_archived) - len(set(all_archived)), len(archived))
            self.assertEqual(set(all_archived), set(started[:-3]))


def sagas_in(archive):
    """The ids of archived sagas, in the order of the archive."""
    found = []
    for file in sorted(archive.iterdir()):
        with gzip.open(file, "rt") as lines:
            found += [json.loads(line)["saga"]["id"] for line in lines]
    return found


if __name__ == "__main__":
    unittest.main()
