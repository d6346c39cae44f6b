"""Compares what clients were told with what the database holds."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from history import History
from postgres import connect
from verdict import Verdict
from workshop import Resource

#: States that take room.
OCCUPYING = {"held", "requested", "conditional", "confirmed", "inUse"}


@dataclass
class Row:
    """A booking in the database."""

    id: str
    title: str
    state: str
    version: int
    transitions: int
    lines: list[tuple[str, int, int, int]] = field(default_factory=list)


@dataclass
class Ledger:
    """The bookings of one history, and the room that they and all others take of its resources."""

    rows: list[Row]
    occupancy: list[tuple[str, str, int, int, int]]
    """(resource, booking, first minute, last minute, seats), buffers included, one a day."""
    doubled_keys: int

    @classmethod
    async def read(cls, connection: asyncpg.Connection, history: History, resources: list[Resource]) -> "Ledger":
        rows = {
            str(row["id"]): Row(str(row["id"]), row["title"], row["state"], row["version"], row["transitions"])
            for row in await connection.fetch(
                """select b.id, b.title, b.state, b.version, (select count(*) from bookings.transition t
                       where t.centre_id = b.centre_id and t.booking_id = b.id) as transitions
                   from bookings.booking b where b.title like $1""", f"{history.tag}-%")
        }
        for line in await connection.fetch(
            """select l.booking_id, l.resource_id, l.seats, extract(epoch from l.starts)::int8 / 60 as first,
                      extract(epoch from l.ends)::int8 / 60 as last
               from bookings.line l join bookings.booking b on b.centre_id = l.centre_id and b.id = l.booking_id
               where b.title like $1""", f"{history.tag}-%"
        ):
            rows[str(line["booking_id"])].lines.append((str(line["resource_id"]), line["first"], line["last"], line["seats"]))
        occupancy = [
            (str(row["resource_id"]), str(row["holder_id"]), row["first"], row["last"], row["seats"])
            for row in await connection.fetch(
                """select resource_id, holder_id, seats, extract(epoch from starts)::int8 / 60 as first,
                          extract(epoch from ends)::int8 / 60 as last
                   from platforms.occupancy where resource_id::text = any ($1)""", [resource.id for resource in resources])
        ]
        doubled = await connection.fetchval(
            """select count(*) from (select 1 from access.idempotency where subject_id is not null
                                     group by subject_id having count(*) > 1) as twice""")
        return cls(list(rows.values()), occupancy, doubled)

    def lost(self, history: History) -> list[str]:
        """Acknowledged, and not there as it was acknowledged."""
        held = {row.id: row for row in self.rows}
        faults = []
        for booking in history.acknowledged:
            row = held.get(booking.id or "")
            if row is None:
                faults.append(f"{booking.key} ({booking.id}) is not in the database")
                continue
            if sorted(row.lines) != sorted((line.resource, line.start, line.end, line.seats) for line in booking.lines):
                faults.append(f"{booking.key} has other lines: {row.lines}")
            allowed = {"confirmed", "conditional"}
            if any(suspension.touches(booking) for suspension in history.suspensions):
                allowed |= {"suspended"}
            if booking.cancellation_outcome == "acknowledged":
                allowed = {"cancelledByUser"}
            elif booking.cancellation_outcome == "unknown":
                allowed |= {"cancelledByUser"}
            if row.state not in allowed:
                faults.append(f"{booking.key} is {row.state}, not {' or '.join(sorted(allowed))}")
        return faults

    def doubled(self, history: History) -> list[str]:
        """One key with two effects, or an effect of what was refused."""
        by_key = defaultdict(list)
        for row in self.rows:
            by_key[row.title].append(row.id)
        faults = [f"{key} has {len(ids)} bookings" for key, ids in by_key.items() if len(ids) > 1]
        faults += [f"{booking.key} was {booking.outcome} and is there" for booking in history.bookings
                   if booking.outcome in ("refused", "failed") and booking.key in by_key]
        known = {booking.key for booking in history.bookings}
        faults += [f"{key} was never asked for" for key in by_key if key not in known]
        return faults + [f"{self.doubled_keys} bookings have two idempotency keys"] * (self.doubled_keys > 0)

    def over_capacity(self, resources: list[Resource]) -> list[str]:
        """Instants at which the rows that guard the room hold more than there is; for a unit, that is an overlap."""
        edges: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, _, first, last, seats in self.occupancy:
            edges[place] += [(first, seats), (last, -seats)]
        faults = []
        for resource in resources:
            taken = most = 0
            for _, seats in sorted(edges[resource.id]):
                taken += seats
                most = max(most, taken)
            if most > resource.capacity:
                faults.append(f"{most} of {resource.capacity} of {resource.name} are taken")
        return faults

    def out_of_step(self) -> list[str]:
        """Bookings whose state, room and transitions do not say the same."""
        holders = {booking for _, booking, _, _, _ in self.occupancy}
        faults = [f"{row.title} is {row.state} and takes {'room' if row.id in holders else 'none'}"
                  for row in self.rows if (row.state in OCCUPYING) != (row.id in holders)]
        return faults + [f"{row.title} has version {row.version} and {row.transitions} transitions"
                         for row in self.rows if row.version != row.transitions]


async def compare(verdict: Verdict, socket: Path, history: History, resources: list[Resource]) -> Ledger:
    """The checks that every drill ends with."""
    connection = await connect(socket)
    try:
        ledger = await Ledger.read(connection, history, resources)
    finally:
        await connection.close()
    verdict.expect_none(history.faults, "answers that may never be")
    verdict.expect_none(ledger.lost(history), "acknowledged and lost")
    verdict.expect_none(ledger.doubled(history), "doubled, or made although refused")
    verdict.expect_none(ledger.over_capacity(resources), "over capacity in the database")
    verdict.expect_none(ledger.out_of_step(), "bookings out of step with their room or transitions")
    unknown = [booking.key for booking in history.bookings if booking.outcome == "unknown"]
    verdict.expect_none(unknown, "left without an answer")
    return ledger
