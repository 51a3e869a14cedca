"""Runs the real `skald serve` and the real example services for tests, and talks to them over
loopback.

Everything started here is ended here, by process id."""

import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SKALD_BUILD_DIR", ROOT / "build" / "release"))
SERVICES = ("accounts", "payments", "inventory", "shipping", "notifications")


def http(method, url, body=None, headers=None, timeout=30):
    """One exchange: (status, parsed JSON body or None, headers). OSError when there is no
    answer."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    if data is not None:
        request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text, status, fields = answer.read(), answer.status, answer.headers
    except urllib.error.HTTPError as refusal:
        text, status, fields = refusal.read(), refusal.code, refusal.headers
    is_json = "json" in (fields.get("Content-Type") or "")
    return status, json.loads(text) if text and is_json else text.decode() or None, fields


def wait_for(condition, what, patience=60, pause=0.01):
    """Returns the first true value of condition(); fails, saying what was waited for, after
    `patience` seconds."""
    until = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"waited {patience} s in vain for {what}")
        select.select([], [], [], pause)  # between two looks; nothing depends on how long it is


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A child process that prints one JSON line once it is ready."""

    def __init__(self, arguments, log, env=None):
        self.log = log
        with open(log, "ab") as errors:
            self.child = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                env=env,
            )

    def first_line(self):
        """The JSON line, or None when the process ended instead."""
        line = self.child.stdout.readline()
        return json.loads(line) if line.startswith(b"{") else None

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        self.child.stdout.close()

    def terminate(self, patience=20):
        """SIGTERM; returns the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(patience)
        finally:
            self.child.stdout.close()


class World:
    """Five services and a skald on a temporary directory."""

    def __init__(self, knobs=(), services=SERVICES):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="skald-test-"))
        self.services, self.urls = {}, {}
        self.skald = None
        self.port = free_port()
        for name in services:
            self.start_service(name, knobs)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def skald_log(self):
        return (self.directory / "skald.log").read_text()

    def start_service(self, name, knobs=()):
        process = Process(
            [
                BUILD / "examples/services/skald-services",
                name,
                "--data",
                self.directory / name,
                *knobs,
            ],
            self.directory / f"{name}.log",
        )
        line = process.first_line()
        assert line, f"{name} did not start: {(self.directory / f'{name}.log').read_text()}"
        self.services[name], self.urls[name] = process, f"http://127.0.0.1:{line['port']}"

    def launch_skald(self, *options, data=None, under=(), listen=None):
        """Starts a skald without waiting until it is ready."""
        arguments = [
            *under,
            BUILD / "http/skald",
            "serve",
            "--data",
            data or self.directory / "skald",
            "--listen",
            listen or f"127.0.0.1:{self.port}",
        ]
        for name, url in self.urls.items():
            arguments += ["--participant", f"{name}={url}"]
        return Process([*arguments, *options], self.directory / "skald.log")

    def start_skald(self, *options, **more):
        self.skald = self.launch_skald(*options, **more)
        assert self.skald.first_line(), f"skald did not start: {self.skald_log}"

    def close(self):
        for process in filter(None, [self.skald, *self.services.values()]):
            if process.child.poll() is None:
                process.kill()
            process.child.stdout.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # What tests ask for most.

    def prepare(self, accounts=10, balance=1_000_000, skus=5, stock=100_000):
        self.prepare_accounts(accounts, balance)
        self.prepare_stock(skus, stock)

    def prepare_accounts(self, accounts=10, balance=1_000_000):
        for number in range(accounts):
            http(
                "POST",
                f"{self.urls['accounts']}/accounts",
                {"id": f"account-{number}", "balance": balance},
            )

    def prepare_stock(self, skus=5, stock=100_000):
        for number in range(skus):
            http(
                "POST",
                f"{self.urls['inventory']}/products",
                {"sku": f"sku-{number}", "name": f"Product {number}", "quantity": stock},
            )

    def start_saga(self, definition, saga, body, headers=None):
        return http(
            "POST",
            f"{self.url}/v1/sagas",
            {"definition": definition, "id": saga, "input": body},
            {"Idempotency-Key": f'"{saga}"', **(headers or {})},
        )

    def saga(self, saga):
        return http("GET", f"{self.url}/v1/sagas/{saga}")[1]

    def sagas(self, query=""):
        """All sagas that match, through every page."""
        found, token = [], ""
        while token is not None:
            page = http("GET", f"{self.url}/v1/sagas?pageSize=500{query}{token}")[1]
            found += page["sagas"]
            token = f"&pageToken={page['nextPageToken']}" if page.get("nextPageToken") else None
        return found

    def journal(self, service):
        """Everything the service was ever called with, in order."""
        entries, after = [], 0
        while True:
            page = http("GET", f"{self.urls[service]}/journal?after={after}&limit=1000")[1][
                "entries"
            ]
            if not page:
                return entries
            entries += page
            after = page[-1]["seq"]


def transfer(number):
    return {
        "source": f"account-{number % 10}",
        "target": f"account-{(number + 3) % 10}",
        "amount": 1 + number % 50,
    }


def order(number):
    return {
        "order": f"order-{number}",
        "customer": f"customer-{number % 10}",
        "amount": 100 + number,
        "address": "Main Street 1",
        "items": [{"sku": f"sku-{number % 5}", "quantity": 1 + number % 3}],
    }
