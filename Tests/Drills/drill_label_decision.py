"""A decision on a label that touches ten thousand bookings: answered at once, carried out soon, and not felt at other centres."""

import asyncio
import os
import time
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import asyncpg

from api import API
from drill_race import approve, propose
from ground import Ground
from history import Booking, History, Line, now
from load import clients
from program import session
from verdict import Verdict, milliseconds, percentile
from workshop import GRID, MINUTES_A_DAY, Workshop

CLIENTS = 16
#: Between two bookings of one client: together they ask less than the machine can do, so that what is felt is waiting, not sharing.
PAUSE = 0.1
ANSWERED_WITHIN, APPLIED_WITHIN = 1.0, 10.0
LEAST_RATE = 0.9
#: Below this nothing can be told apart on a machine that does other things too.
FLOOR = 0.05
DAYS = 100


async def run(ground: Ground, verdict: Verdict) -> None:
    directory = ground.settings.directory / "label-decision"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address())
    try:
        await program.start()
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground)
            elsewhere = await Workshop.make(
                http, program.base, ground, size=100, centre=await another_centre(http, program.base, ground, workshop))
            owner = await postgres.connect()
            count = ground.settings.choose(2_000, 10_000)
            await fill(owner, workshop, ground.organisation("trainingOrganisation"), count)
            await settle(owner)
            await measure(ground, verdict, http, program.base, owner, workshop, elsewhere, count)
            await owner.close()
        verdict.expect(await program.is_ready(), "ready at the end")
    finally:
        await program.stop()
        await postgres.stop()


async def another_centre(http: aiohttp.ClientSession, base: str, ground: Ground, workshop: Workshop) -> str:
    """One whose label is in force on the days of the workshop."""
    anyone = API(http, base, ground.key("networkManager"))
    for centre in (await anyone.ask("GET", "/v1/centres?pageSize=100"))["items"]:
        if centre["kind"] == "centre" and centre["id"] != workshop.centre:
            label = await anyone.ask("GET", f"/v1/centres/{centre['id']}/label?on={workshop.first_day + timedelta(days=2)}")
            if label["status"] == "labelled":
                return str(centre["id"])
    raise LookupError("no other centre has a label")


async def fill(owner: asyncpg.Connection, workshop: Workshop, organisation: str, count: int) -> None:
    """So many bookings of an hour for one in the hall, as the service would write them."""
    hall = next(resource for resource in workshop.resources if resource.name == "hall")
    await owner.execute(
        """with hall as (select r.centre_id, r.id from platforms.resource r where r.id = $1::uuid),
             made as (select overlay(h.id::text placing substr(md5(n::text), 1, 12) from 25)::uuid as id, n, h.centre_id, h.id as hall,
                             $3::date + make_interval(days => n % $5, hours => (n / $5) % 20) as starts
                      from hall h, generate_series(0, $4 - 1) as n),
             slot as (select m.*, m.starts at time zone 'UTC' as first, (m.starts + interval '1 hour') at time zone 'UTC' as last from made m),
             booking as (
                 insert into bookings.booking (
                     centre_id, id, reference, organisation_id, centres, state, initial_state, starts, ends, activity, audiences,
                     head_counts, label_status, created_at, created_by)
                 select s.centre_id, s.id, 'DRILL' || s.n, $2::uuid, array[s.centre_id], 'confirmed', 'confirmed', s.first, s.last,
                        'demonstration', '{}', '{}', 'labelled', now(), $2::uuid from slot s),
             line as (
                 insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive)
                 select s.centre_id, s.id, 1, s.hall, s.first, s.last, 1, false from slot s),
             transition as (
                 insert into bookings.transition (centre_id, booking_id, version, to_state, at)
                 select s.centre_id, s.id, 1, 'confirmed', now() from slot s)
           insert into platforms.occupancy (
               centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
           select s.centre_id, s.hall, s.first - interval '15 minutes', s.last + interval '15 minutes', s.first, s.last, 1, false, s.id, 1,
                  $2::uuid
           from slot s""", hall.id, organisation, workshop.first_day, count, DAYS)
    await owner.execute("analyze")


async def settle(owner: asyncpg.Connection) -> None:
    """What the set-up copied and wrote goes to the disk now: else the kernel writes it half a minute later, amid what is measured."""
    await owner.execute("checkpoint")
    await asyncio.to_thread(os.sync)


async def measure(
    ground: Ground, verdict: Verdict, http: aiohttp.ClientSession, base: str, owner: asyncpg.Connection, workshop: Workshop,
    elsewhere: Workshop, count: int
) -> None:
    span = {"effectiveFrom": workshop.first_day.isoformat(), "effectiveTo": (workshop.first_day + timedelta(days=DAYS)).isoformat()}
    proposal = await propose(http, base, ground, workshop, {"kind": "suspend", **span})
    bookers = Bookers(ground, http, base, elsewhere)
    await asyncio.sleep(3)
    calm_from = now()
    await asyncio.sleep(ground.settings.choose(5, 20))
    decided = now()
    decision = await approve(http, base, ground, proposal)
    answered = now() - decided
    suspended = await until_applied(owner, workshop, "suspended", count)
    applied = now() - decided
    lift = await propose(http, base, ground, workshop, {
        "kind": "lift", "supersedes": decision, "effectiveFrom": span["effectiveFrom"]})
    lifting = now()
    await approve(http, base, ground, lift)
    lift_answered = now() - lifting
    restored = await until_applied(owner, workshop, "confirmed", count)
    lift_applied = now() - lifting
    over = now()
    await bookers.stop()

    verdict.expect(suspended == count, f"{suspended} of {count} bookings are suspended")
    verdict.expect(restored == count, f"{restored} of {count} bookings are restored")
    if ground.settings.is_full:
        verdict.expect(max(answered, lift_answered) < ANSWERED_WITHIN,
                       f"answered after {milliseconds(answered)} and {milliseconds(lift_answered)}")
        verdict.expect(max(applied, lift_applied) < APPLIED_WITHIN, f"applied after {applied:.1f} s and {lift_applied:.1f} s")
    else:
        verdict.figure("answered and applied", f"{milliseconds(answered)}, {applied:.1f} s; {milliseconds(lift_answered)}, {lift_applied:.1f} s")
    calm, busy = bookers.between(calm_from, decided), bookers.between(decided, over)
    rate = len(busy) / (over - decided) / (len(calm) / (decided - calm_from))
    limit = max(2 * percentile(calm, 0.99), FLOOR)
    verdict.expect_none(bookers.history.faults, "faults of bookings elsewhere")
    verdict.expect(rate >= LEAST_RATE, f"bookings elsewhere at {rate:.2f} of their rate before"
                   f" ({len(calm) / (decided - calm_from):.0f} a second)")
    verdict.expect(percentile(busy, 0.99) <= limit, f"their p99 {milliseconds(percentile(busy, 0.99))} meanwhile,"
                   f" {milliseconds(percentile(calm, 0.99))} before (at most {milliseconds(limit)})")


async def until_applied(owner: asyncpg.Connection, workshop: Workshop, state: str, count: int) -> int:
    """How many of the bookings in the hall are in a state, once all are or a minute has passed."""
    deadline, found = time.monotonic() + 60, 0
    while found < count and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        # Counting them is felt elsewhere: only when it may be so.
        if not await owner.fetchval("select exists (select from bookings.label_change c where c.finished_at is null)"):
            found = await owner.fetchval(
                "select count(*) from bookings.booking b where b.reference like 'DRILL%' and b.state = $1", state)
    return int(found)


@dataclass
class Bookers:
    """Clients that book at another centre, one hour after the other, and how long each answer took."""

    ground: Ground
    http: aiohttp.ClientSession
    base: str
    workshop: Workshop
    history: History = field(default_factory=lambda: History("elsewhere"))
    goes_on: bool = True

    def __post_init__(self) -> None:
        callers = clients(self.http, self.base, self.ground, self.history, CLIENTS, "elsewhere")
        self.tasks = [asyncio.create_task(self.book(caller)) for caller in callers]

    async def book(self, caller) -> None:  # type: ignore[no-untyped-def]
        rooms = [resource for resource in self.workshop.resources if not resource.is_unit]
        while self.goes_on:
            begun = now()
            start = self.workshop.first_minute + GRID * caller.random.randrange((3 * MINUTES_A_DAY - 60) // GRID)
            await caller.book(Booking(self.history.next_key(), caller.organisation, (
                Line(caller.random.choice(rooms).id, start, start + 60, 1),)))
            await asyncio.sleep(max(0.0, PAUSE - (now() - begun)))

    def between(self, start: float, end: float) -> list[float]:
        """Seconds of every attempt that was answered in a span."""
        return [
            attempt.done - attempt.sent for booking in self.history.bookings for attempt in booking.attempts
            if attempt.status is not None and start <= attempt.done < end
        ]

    async def stop(self) -> None:
        self.goes_on = False
        await asyncio.gather(*self.tasks)
