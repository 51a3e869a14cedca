"""Drives the quickstart: opens accounts and stock, starts transfers and orders of which a known
part must fail at each step, waits until all have ended, and checks that no money and no stock was
lost.

Uses nothing but the Python standard library; talks to loopback only.
"""

import argparse
import concurrent.futures
import json
import select
import sys
import time
import urllib.error
import urllib.request

# Of every ten transfers and orders, which go wrong where. The rest goes through.
TRANSFER_KINDS = [
    "ok",
    "ok",
    "ok",
    "ok",
    "ok",
    "ok",
    "no-funds",
    "no-funds",
    "no-target",
    "no-target",
]
ORDER_KINDS = [
    "ok",
    "ok",
    "ok",
    "ok",
    "ok",
    "no-stock",
    "no-credit",
    "no-way",
    "no-message",
    "no-message",
]
EXPECTED_TRANSFER = {"ok": "completed", "no-funds": "failed", "no-target": "compensated"}
EXPECTED_ORDER = {
    "ok": "completed",
    "no-stock": "compensated",
    "no-credit": "compensated",
    "no-way": "compensated",
    "no-message": "completed",  # a notification that is refused never undoes an order
}
OPENING = 1_000_000
STOCK = 100_000


def call(method, url, body=None, headers=None):
    """One HTTP exchange; returns (status, parsed body)."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as refusal:
        text = refusal.read()
        return refusal.code, json.loads(text) if text else None


def must(method, url, body=None, headers=None):
    status, answer = call(method, url, body, headers)
    if status >= 300:
        raise SystemExit(f"{method} {url} answered {status}: {answer}")
    return answer


class Progress:
    """A line that is rewritten on a terminal, and printed at the end elsewhere."""

    def __init__(self, label, total):
        self.label, self.total, self.live = label, total, sys.stdout.isatty()

    def show(self, count):
        if self.live:
            print(f"\r  {self.label}: {count}/{self.total}", end="", flush=True)

    def end(self, count):
        print(f"{chr(13) if self.live else ''}  {self.label}: {count}/{self.total}", flush=True)


def transfer(number):
    kind = TRANSFER_KINDS[number % len(TRANSFER_KINDS)]
    source = "poor" if kind == "no-funds" else f"account-{number % 20}"
    target = "closed" if kind == "no-target" else f"account-{(number + 7) % 20}"
    return kind, {"source": source, "target": target, "amount": 100 + number}


def order(number):
    kind = ORDER_KINDS[number % len(ORDER_KINDS)]
    return kind, {
        "order": f"order-{number}",
        "customer": "unreachable" if kind == "no-message" else f"customer-{number % 10}",
        "amount": 900_000 if kind == "no-credit" else 1_000 + number,
        "address": "Atlantis" if kind == "no-way" else "Main Street 1",
        "items": [
            {
                "sku": "unobtainium" if kind == "no-stock" else f"sku-{number % 5}",
                "quantity": 1 + number % 3,
            }
        ],
    }


def prepare(urls):
    for number in range(20):
        must(
            "POST", f"{urls['accounts']}/accounts", {"id": f"account-{number}", "balance": OPENING}
        )
    must("POST", f"{urls['accounts']}/accounts", {"id": "poor", "balance": 0})
    for number in range(5):
        must(
            "POST",
            f"{urls['inventory']}/products",
            {"sku": f"sku-{number}", "name": f"Product {number}", "quantity": STOCK},
        )
    must(
        "POST",
        f"{urls['inventory']}/products",
        {"sku": "unobtainium", "name": "Unobtainium", "quantity": 0},
    )


def start_all(skald, count):
    """Starts `count` of each, eight at a time. Returns {saga id: (definition, expected status)}."""
    requests = []
    for number in range(count):
        kind, body = transfer(number)
        requests.append(("money-transfer", f"transfer-{number}", body, EXPECTED_TRANSFER[kind]))
        kind, body = order(number)
        requests.append(("order-fulfilment", f"order-{number}", body, EXPECTED_ORDER[kind]))
    progress, expected = Progress("started", len(requests)), {}

    def start(request):
        definition, name, body, status = request
        answer = must(
            "POST",
            f"{skald}/v1/sagas",
            {"definition": definition, "id": name, "input": body},
            {"Idempotency-Key": f'"{name}"'},
        )
        return answer["id"], (definition, status)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for saga, facts in pool.map(start, requests):
            expected[saga] = facts
            progress.show(len(expected))
    progress.end(len(expected))
    return expected


def pages(url):
    token = ""
    while token is not None:
        page = must("GET", url + (f"&pageToken={token}" if token else ""))
        yield from page["sagas"]
        token = page.get("nextPageToken")


def wait_until_ended(skald, total, patience):
    """Waits until no saga is under way any more; stuck ones count as settled here."""
    progress, until = Progress("ended", total), time.monotonic() + patience
    while True:
        under_way = sum(
            1 for _ in pages(f"{skald}/v1/sagas?pageSize=1000&status=running,compensating")
        )
        progress.show(total - under_way)
        if under_way == 0 or time.monotonic() > until:
            progress.end(total - under_way)
            return under_way == 0
        select.select([], [], [], 0.1)


def table(skald, expected):
    """Prints definition, status, count and expected; whether every saga is where it should be."""
    seen = {
        saga["id"]: (saga["definition"], saga["status"])
        for saga in pages(f"{skald}/v1/sagas?pageSize=1000")
    }
    rows = sorted(set(seen.values()) | set(expected.values()))
    print(f"\n  {'definition':<18} {'status':<14} {'count':>6} {'expected':>9}")
    for row in rows:
        count = sum(1 for facts in seen.values() if facts == row)
        wanted = sum(1 for facts in expected.values() if facts == row)
        mark = "" if count == wanted else "   <-- differs"
        print(f"  {row[0]:<18} {row[1]:<14} {count:>6} {wanted:>9}{mark}")
    return all(seen.get(saga) == facts for saga, facts in expected.items())


def check(what, seen, wanted):
    print(
        f"  {'ok ' if seen == wanted else 'NOT'}  {what}: {seen}"
        + ("" if seen == wanted else f", expected {wanted}")
    )
    return seen == wanted


def balances(urls, count):
    """Compares what the services hold with what the sagas should have left behind."""
    shipped = [order(n)[1] for n in range(count) if EXPECTED_ORDER[order(n)[0]] == "completed"]
    money = must("GET", f"{urls['accounts']}/total")
    paid = must("GET", f"{urls['payments']}/total")
    stock = must("GET", f"{urls['inventory']}/totals")
    shipments = must("GET", f"{urls['shipping']}/totals")
    quantity = sum(item["quantity"] for one in shipped for item in one["items"])
    print()
    results = [
        check("money in all accounts", money["total"], money["opened"]),
        check("every balance is its entries", money["consistent"], True),
        check("captured and not refunded", paid["net"], sum(one["amount"] for one in shipped)),
        check("stock reserved", stock["reserved"], quantity),
        check("shipments that stand", shipments["active"], len(shipped)),
        check(
            "rebuilt projections equal the kept ones",
            must("POST", f"{urls['inventory']}/rebuild", {})["equal"],
            True,
        ),
    ]
    return all(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skald", required=True, help="base URL of skald serve")
    parser.add_argument("--service", action="append", default=[], help="name=url")
    parser.add_argument("--count", type=int, default=200, help="transfers, and as many orders")
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait for the ends")
    options = parser.parse_args()
    urls = dict(item.split("=", 1) for item in options.service)
    prepare(urls)
    began = time.monotonic()
    expected = start_all(options.skald, options.count)
    over = wait_until_ended(options.skald, len(expected), options.patience)
    print(f"  took {time.monotonic() - began:.1f} s")
    right = table(options.skald, expected)
    kept = balances(urls, options.count)
    return 0 if over and right and kept else 1


if __name__ == "__main__":
    sys.exit(main())
