"""What must hold after any run, whatever was killed: checked from the engine's API on one side and
the journals of the services on the other."""

from collections import defaultdict

ENDS = {"completed", "compensated", "failed", "cancelled", "terminated"}
SERVICES_OF = {
    "money-transfer": ("accounts",),
    "order-fulfilment": ("inventory", "payments", "shipping", "notifications"),
}


def check(world, acknowledged):
    """Every broken promise as a sentence. `acknowledged`: ids the engine confirmed."""
    sagas = {saga["id"]: world.saga(saga["id"]) for saga in world.sagas()}
    journals = {name: world.journal(name) for name in world.services}
    problems = missing(sagas, acknowledged) + unsettled(sagas)
    problems += money(world) + stock(world, sagas)
    for name, journal in journals.items():
        problems += effects(name, journal, sagas)
    problems += undos(sagas, journals)
    return problems


def missing(sagas, acknowledged):
    return [f"{saga} was acknowledged and is gone" for saga in acknowledged if saga not in sagas]


def unsettled(sagas):
    problems = []
    for saga in sagas.values():
        if saga["status"] == "stuck" and not saga.get("stuckReason"):
            problems.append(f"{saga['id']} is stuck without a reason")
        elif saga["status"] not in ENDS | {"stuck"}:
            problems.append(f"{saga['id']} is still {saga['status']}")
    return problems


def get(world, service, path, method="GET"):
    from processes import http

    return http(method, world.urls[service] + path, {} if method == "POST" else None)[1]


def money(world):
    total = get(world, "accounts", "/total")
    problems = []
    if total["total"] != total["opened"]:
        problems.append(f"accounts hold {total['total']}, opened with {total['opened']}")
    if not total["consistent"]:
        problems.append("an account's balance is not the sum of its entries")
    return problems


def stock(world, sagas):
    """Reserved stock, shipments and captured money are those of the orders that went through."""
    through = [
        s
        for s in sagas.values()
        if s["definition"] == "order-fulfilment" and s["status"] == "completed"
    ]
    if any(s["status"] in ("stuck", "terminated") for s in sagas.values()):
        return []  # effects of stuck sagas are where the operator left them
    wanted = {
        "stock reserved": sum(i["quantity"] for s in through for i in s["input"]["items"]),
        "money captured": sum(s["input"]["amount"] for s in through),
        "shipments": len(through),
    }
    seen = {
        "stock reserved": get(world, "inventory", "/totals")["reserved"],
        "money captured": get(world, "payments", "/total")["net"],
        "shipments": get(world, "shipping", "/totals")["active"],
    }
    problems = [
        f"{what}: {seen[what]}, of completed orders {wanted[what]}"
        for what in wanted
        if seen[what] != wanted[what]
    ]
    if not get(world, "inventory", "/totals")["conserved"]:
        problems.append("inventory is not conserved")
    if not get(world, "inventory", "/rebuild", "POST")["equal"]:
        problems.append("rebuilt inventory projections differ")
    return problems


def effects(name, journal, sagas):
    """Each key has at most one effect, and a saga's step and phase has one key only."""
    problems, count, keys = [], defaultdict(int), defaultdict(set)
    for entry in journal:
        if not entry["idempotencyKey"]:
            continue
        count[entry["idempotencyKey"]] += entry["effect"]
        keys[entry["saga"], entry["step"], entry["phase"]].add(entry["idempotencyKey"])
        if entry["saga"] not in sagas:
            problems.append(f"{name} was called for the unknown saga {entry['saga']}")
    problems += [f"{name}: {key} had {n} effects" for key, n in count.items() if n > 1]
    problems += [
        f"{name}: {what} was called under {sorted(k)}" for what, k in keys.items() if len(k) > 1
    ]
    return problems


def undos(sagas, journals):
    """Effects stand or are undone as the status claims, and undos come in reverse order."""
    done, undone = defaultdict(list), defaultdict(list)
    merged = sorted(
        (entry for journal in journals.values() for entry in journal), key=lambda e: e["at"]
    )
    for entry in merged:
        if entry["effect"] and entry["phase"] == "forward":
            done[entry["saga"]].append(entry["step"])
        if (
            entry["phase"] == "undo"
            and entry["status"] < 300
            and entry["step"] not in undone[entry["saga"]]
        ):
            undone[entry["saga"]].append(entry["step"])
    problems = []
    for saga in sagas.values():
        problems += claims(saga, done[saga["id"]], undone[saga["id"]])
        problems += order(saga, undone[saga["id"]])
    return problems


def claims(saga, done, undone):
    kept = [step for step in done if step not in undone and not step.startswith("tell-")]
    name, status = saga["id"], saga["status"]
    if status == "completed" and undone:
        return [f"{name} is completed, but {undone} were undone"]
    if (
        status == "completed"
        and saga["definition"] == "money-transfer"
        and sorted(kept) != ["credit-target", "debit-source"]
    ):
        return [f"{name} is completed with the effects {kept}"]
    if status in ("compensated", "failed", "cancelled") and kept:
        return [f"{name} is {status}, but {kept} stand"]
    return []


def order(saga, undone):
    """Undos run in the reverse of the order in which the engine logged the steps."""
    logged = [step["step"] for step in saga["steps"] if step["step"] in undone]
    if undone != list(reversed(logged)):
        return [f"{saga['id']} logged {logged} and undid {undone}"]
    return []
