"""Kills the engine with SIGKILL at random moments while 500 sagas run, and checks what is left."""

import pathlib
import random
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from checker import ENDS, check  # noqa: E402
from processes import World, order, transfer, wait_for  # noqa: E402

SAGAS = 500
KILLS = 50
# Every service refuses, errs, loses replies after the effect, and dawdles.
KNOBS = [
    "--refuse",
    "0.06",
    "--error",
    "0.10",
    "--error-after-effect",
    "0.05",
    "--lose-reply",
    "0.02",
    "--delay-ms",
    "20",
    "--delay-share",
    "0.3",
]


def start_until_acknowledged(world, definition, saga, body, give_up):
    """As a client would: repeats the same request until it is answered."""
    while not give_up.is_set():
        try:
            status, answer, _ = world.start_saga(definition, saga, body)
        except OSError:
            give_up.wait(0.02)
            continue
        if status in (200, 201, 202):
            assert answer["id"] == saga, answer
            return True
        if status not in (429, 503):
            raise AssertionError(f"{saga} was answered {status}: {answer}")
        give_up.wait(0.02)
    return False


class Clients:
    """Four clients that start all sagas, however often the engine goes away: some more after each
    kill, so that sagas are under way at every one."""

    def __init__(self, world):
        self.world, self.acknowledged, self.failures = world, [], []
        self.give_up = threading.Event()
        self.todo = list(range(SAGAS))
        self.lock = threading.Lock()
        self.allowed = threading.Semaphore(SAGAS // KILLS)
        self.threads = [threading.Thread(target=self.work) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def work(self):
        while not self.give_up.is_set():
            if not self.allowed.acquire(timeout=0.05):
                continue
            with self.lock:
                if not self.todo:
                    return
                number = self.todo.pop()
            definition, body = (
                ("money-transfer", transfer(number))
                if number % 2
                else ("order-fulfilment", order(number))
            )
            try:
                if start_until_acknowledged(
                    self.world, definition, f"saga-{number}", body, self.give_up
                ):
                    with self.lock:
                        self.acknowledged.append(f"saga-{number}")
            except AssertionError as failure:
                self.failures.append(str(failure))

    def end(self):
        self.give_up.set()
        for thread in self.threads:
            thread.join()


def under_way(world):
    return [saga for saga in world.sagas() if saga["status"] not in ENDS | {"stuck"}]


class KillTest(unittest.TestCase):
    def test_no_kill_loses_an_acknowledged_saga_money_stock_or_an_undo(self):
        seed = random.randrange(10**9)
        print(f"\nseed {seed}", flush=True)
        dice = random.Random(seed)
        with World([*KNOBS, "--seed", str(seed % 1000)]) as world:
            world.prepare()
            world.start_skald()
            clients = Clients(world)
            try:
                kills = self.kill_and_restart(world, clients, dice)
            finally:
                clients.end()
            self.assertEqual(clients.failures, [])
            self.assertEqual(len(clients.acknowledged), SAGAS)
            wait_for(
                lambda: not under_way(world),
                "all sagas to end or be stuck",
                patience=180,
                pause=0.2,
            )
            problems = check(world, clients.acknowledged)
            statuses = {}
            for saga in world.sagas():
                statuses[saga["status"]] = statuses.get(saga["status"], 0) + 1
            print(f"{kills} kills, {SAGAS} sagas: {statuses}", flush=True)
            self.assertEqual(problems, [], "\n".join(problems[:20]))
            self.assertGreaterEqual(kills, KILLS)
            self.assertEqual(world.skald.terminate(), 0)

    def kill_and_restart(self, world, clients, dice):
        """Kills at random moments, at least KILLS times and until every saga is acknowledged."""
        kills, until = 0, time.monotonic() + 240
        while (kills < KILLS or len(clients.acknowledged) < SAGAS) and time.monotonic() < until:
            # The random moment is the fault itself, not a wait for something.
            clients.give_up.wait(dice.choice((0.005, 0.05, 0.3)) * dice.random() * 2)
            world.skald.kill()
            kills += 1
            world.start_skald()
            clients.allowed.release(SAGAS // KILLS)
            if clients.failures:
                break
        return kills


if __name__ == "__main__":
    unittest.main()
