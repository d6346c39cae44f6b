#!/usr/bin/env python3
"""Asks a running demo server what `authorisation.yaml` declares: each operation, each kind of caller, own objects and others'."""

import argparse
import datetime
import json
import re
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import yaml

from contract import Contract, ContractLoader, Operation
from exchanges import Exchange, faults_of
from moments import soon
from network import Network, Reply, Side, Wire
from placeholders import filled, today
from run_examples import keys_of

DECLARATION = Path(__file__).with_name("authorisation.yaml")
PLACES = ("any", "both", "own", "other")
#: Named in each request, so that two problems about different objects can be equal to the byte.
REQUEST_ID = "authorisation"
#: Differs between two equal answers.
VOLATILE = {"date"}


@dataclass
class Entry:
    """What one line of the declaration says of an operation: a request, and who gets which class where."""

    name: str
    operation: Operation
    request: dict
    places: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return bool(self.request.get("open"))


@dataclass
class Cell:
    entry: Entry
    place: str
    caller: str
    wanted: str

    def __str__(self):
        return f"{self.entry.name}, {self.caller}, {self.place}"

    @property
    def changes(self) -> bool:
        return self.wanted in ("ok", "blind")


class Declaration:
    """The file, checked against the contract."""

    def __init__(self, document: dict, contract: Contract):
        self.faults: list[str] = []
        self.groups = document["callers"]
        self.callers = [caller for group in self.groups.values() for caller in group]
        self.entries = [entry for name, request in document["operations"].items() if (entry := self.entry(name, request, contract))]
        declared = {entry.operation.id for entry in self.entries}
        self.faults += [f"{operation.id}: the contract has it, the declaration has not"
                        for operation in contract.operations if operation.id not in declared]
        for operation in contract.operations:
            self.faults += self.role_faults(operation)

    @classmethod
    def load(cls, contract: Contract, path: Path = DECLARATION):
        with open(path, encoding="utf-8") as file:
            return cls(yaml.load(file, ContractLoader), contract)

    def entry(self, name, request, contract) -> Entry | None:
        operation = contract.operation(name.split(" ")[0])
        if operation is None:
            self.faults.append(f"{name}: the declaration has it, the contract has not")
            return None
        entry = Entry(name, operation, request)
        if entry.is_open != operation.is_open:
            self.faults.append(f"{name}: the contract says that it is {'open' if operation.is_open else 'not open'}")
        if entry.is_open:
            entry.places["any"] = dict.fromkeys(self.callers, "ok")
        for place in PLACES:
            if place in request:
                classes = self.classes(name, request[place])
                entry.places |= {one: classes for one in (("own", "other") if place == "both" else (place,))}
        if not entry.places:
            self.faults.append(f"{name}: says nothing of any place")
        return entry

    def classes(self, name, row) -> dict[str, str]:
        """Caller → class, of a row such as `organisation networkManager: ok, rest: 403`."""
        classes: dict[str, str] = dict.fromkeys(self.groups["withoutKey"], "401")
        for names, wanted in row.items():
            for one in names.split():
                for caller in self.groups.get(one, [one]):
                    if caller in classes or caller not in [*self.callers, "rest"]:
                        self.faults.append(f"{name}: {caller} is named twice, or is no caller")
                    classes[caller] = str(wanted)
        rest = classes.pop("rest", None)
        for caller in self.callers:
            if caller not in classes and rest is None:
                self.faults.append(f"{name}: says nothing of {caller}")
            classes.setdefault(caller, rest or "401")
        return classes

    def role_faults(self, operation) -> list[str]:
        """`x-roles` are those who succeed somewhere; `member` stands for every key."""
        rows = [row for entry in self.entries if entry.operation is operation for row in entry.places.values()]
        successful = {caller for row in rows for caller, wanted in row.items() if wanted in ("ok", "blind")}
        roles = set(operation.roles or [])
        if operation.is_open or "member" in roles or not rows or successful == roles:
            return []
        return [f"{operation.id}: x-roles has {sorted(roles - successful)} more and {sorted(successful - roles)} less than who succeeds"]

    def cells(self) -> list[Cell]:
        return [Cell(entry, place, caller, wanted)
                for entry in self.entries for place, row in entry.places.items() for caller, wanted in row.items()]


class Check:
    """Sends the request of each cell and compares."""

    def __init__(self, contract: Contract, declaration: Declaration, network: Network):
        self.contract = contract
        self.declaration = declaration
        self.network = network

    def run(self) -> list[str]:
        cells = self.declaration.cells()
        before = self.state()
        faults = [f"{cell}: {fault}" for cell in cells if not cell.changes for fault in self.faults(cell)]
        if self.state() != before:
            faults.append("a call that was refused has changed something")
        return faults + [f"{cell}: {fault}" for cell in cells if cell.changes for fault in self.faults(cell)]

    def faults(self, cell: Cell) -> list[str]:
        side = self.network.sides["other" if cell.place == "other" else "own"]
        consumed = cell.entry.request.get("consumes")
        if consumed and cell.changes:
            side = Side({**side.ids, consumed: self.network.fresh(consumed, side)})
        reply, faults = self.ask(cell, side)
        if cell.wanted in ("ok", "blind"):
            return faults + self.success_faults(cell, side, reply)
        if str(reply.status) != cell.wanted:
            return faults + [f"expected {cell.wanted}, got {reply.status}: {reply.body[:200]!r}"]
        return faults + (self.difference(cell, side, reply) if cell.wanted == "404" else [])

    def success_faults(self, cell, side, reply) -> list[str]:
        if not 200 <= reply.status < 300:
            return [f"expected {cell.wanted}, got {reply.status}: {reply.body[:200]!r}"]
        shown = cell.entry.request.get("shows")
        if shown is None:
            return []
        is_there = any(side[shown].encode() in page.body for page in self.pages(cell, side, reply))
        return [] if is_there == (cell.wanted == "ok") else [f"{shown} is {'shown' if is_there else 'not shown'}"]

    def pages(self, cell, side, reply):
        """The answer and, of a list, every page behind it."""
        yield reply
        while cell.entry.operation.method == "GET" and (cursor := reply.json.get("next")):
            reply, _ = self.ask(cell, side, {"cursor": cursor})
            yield reply.needed(str(cell))

    def difference(self, cell, side, reply) -> list[str]:
        """How the refusal differs from the one for an object that does not exist."""
        path = cell.entry.request.get("path", {})
        names = cell.entry.request.get("missing") or [
            name for name in cell.entry.operation.path_values(cell.entry.operation.template) if name not in path]
        overridden = re.findall(r"\{\{(\w+)\}\}", str(path))
        swaps = {name: missing(side[name]) for name in {*names, *overridden}}
        twin, _ = self.ask(cell, Side({**side.ids, **swaps}))
        if (twin.status, without_ids(twin, swaps.values())) == (reply.status, without_ids(reply, [side[name] for name in swaps])):
            return []
        return [f"a missing object is answered otherwise: {twin.status} {twin.headers} {twin.body[:300]!r}"]

    def ask(self, cell: Cell, side: Side, more=None) -> tuple[Reply, list[str]]:
        """The answer, and what the contract says against it."""
        operation = cell.entry.operation
        asked = filled({part: cell.entry.request.get(part, {}) for part in ("path", "query", "headers")}, self.looking_up(side))
        body = filled(cell.entry.request.get("body"), self.looking_up(side))
        target = re.sub(r"\{(\w+)\}", lambda match: quote(asked["path"].get(match[1], side.ids.get(match[1], ""))), operation.template)
        if query := {**asked["query"], **(more or {})}:
            target += "?" + urlencode(query)
        headers = {**asked["headers"], "X-Request-Id": REQUEST_ID}
        document = filled(cell.entry.request.get("document"), self.looking_up(side))
        reply = self.network.call(self.network.keys[cell.caller], operation.method, target, body, headers, document)
        exchange = Exchange({
            "operation": operation.id, "method": operation.method, "path": target, "status": reply.status, "requestHeaders": headers,
            "requestBody": body, "responseHeaders": reply.headers, "responseBody": reply.body.decode()})
        return reply, faults_of(exchange, self.contract)[0]

    def looking_up(self, side: Side):
        slot = dict(zip(("start", "end"), self.network.slot()))
        values = {**slot, "today": str(today()), "bookingDay": str(self.network.day), "farDay": str(today() + datetime.timedelta(days=400)),
                  "unique": secrets.token_hex(6), "soon": soon(), **side.ids}
        return values.__getitem__

    def state(self) -> list[str]:
        """All that the two sides have, as the network's manager reads it."""
        lists = ("organisations/{organisationId}", "organisations/{organisationId}/api-keys?pageSize=200", "centres/{centreId}",
                 "organisations/{organisationId}/people?pageSize=200",
                 "organisations/{centreOrganisationId}/api-keys?pageSize=200", "centres/{centreId}/sites?pageSize=200",
                 "sites/{siteId}", "centres/{centreId}/closed-days?from={today}&to={last}&pageSize=200",
                 "centres/{centreId}/label-decisions?pageSize=200", "label-decisions/{decisionId}",
                 "centres/{centreId}/recognition-files?pageSize=200", "platforms?centreId={centreId}&pageSize=200",
                 "equipment?centreId={centreId}&pageSize=200", "bookings?centreId={centreId}&pageSize=200", "bookings/{bookingId}")
        return [self.network.call(self.network.manager, "GET", "/v1/" + one.format(**side.ids, today=today(), last=today() + datetime.timedelta(days=1000))).needed(one).body.decode()
                for side in self.network.sides.values() for one in lists]


def missing(identifier: str) -> str:
    """An id that nobody has, of the same centre: the last 48 bits are random."""
    return identifier[:-12] + secrets.token_hex(6)


def without_ids(reply: Reply, identifiers) -> tuple[dict[str, str], bytes]:
    body = reply.body
    for identifier in identifiers:
        body = body.replace(identifier.encode(), b"ID")
    return {name: value for name, value in reply.headers.items() if name not in VOLATILE}, body


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", default=".plateau/demo.json", help="the file with address and keys that the demo writes")
    options = parser.parse_args(arguments)
    with open(options.demo, encoding="utf-8") as file:
        demo = json.load(file)
    contract = Contract.load()
    declaration = Declaration.load(contract)
    faults = declaration.faults
    if not faults:
        keys = keys_of(demo)
        network = Network(Wire(demo["baseURL"]).send, keys["networkManager"], keys["labelAuthority"],
                          keys["trainingOrganisation"], keys["centreManager"]).make()
        faults = Check(contract, declaration, network).run()
    print(*faults, sep="\n", end="\n" if faults else "")
    cells = declaration.cells()
    print(f"{len(contract.operations)} operations, {len(declaration.entries)} entries, {len(declaration.callers)} kinds of callers, "
          f"{len(cells)} cells, {len(faults)} faults")
    return 1 if faults or not cells else 0


if __name__ == "__main__":
    sys.exit(main())
