"""Every connection to the database is held by statements that do not end: 500 callers at once, and then the lock is released."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from api import API
from client import Client
from ground import Ground
from history import Booking, History, now
from ledger import compare
from load import Mix, clients, lines
from postgres import Postgres
from program import Program, health, session
from verdict import Verdict, milliseconds, percentile
from workshop import Workshop

CALLERS = 500
#: How long a request may wait for a connection, as the program is built; and what an answer needs besides.
WAIT = 2.0
SLACK = 1.5
HEALTH_P99 = 0.05


@dataclass
class Answers:
    """What 500 callers were told."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, kind: str, seconds: float) -> None:
        self.statuses[kind] += 1
        self.seconds.setdefault(kind, []).append(seconds)


async def run(ground: Ground, verdict: Verdict) -> None:
    directory = ground.settings.directory / "exhaustion"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address())
    history = History("exhaust")
    try:
        await program.start()
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground, size=50)
            callers = clients(http, program.base, ground, history, CALLERS, "exhaust", patience=0)
            await book_some(callers[:20], workshop)
            await exhaust(verdict, ground, program, postgres, callers, workshop)
            await asyncio.sleep(0.5)
            await nothing_leaked(verdict, postgres, before_acknowledged=len(history.acknowledged), callers=callers, workshop=workshop)
        # What was given up is settled by the same keys.
        history.bookings = [booking for booking in history.bookings if booking.outcome != "unknown"]
        await compare(verdict, postgres.socket, history, workshop.resources)
    finally:
        await program.stop()
        await postgres.stop()


async def book_some(callers: list[Client], workshop: Workshop) -> None:
    for caller in callers:
        caller.patience = 30
        booking = Booking(caller.history.next_key(), caller.organisation, lines(caller.random, workshop, Mix()))
        await caller.book(booking)


async def exhaust(
    verdict: Verdict, ground: Ground, program: Program, postgres: Postgres, callers: list[Client], workshop: Workshop
) -> None:
    owner = await postgres.connect()
    answers, checks = Answers(), Answers()
    calm = Answers()
    await look_at_health(program, calm, 1.5)
    hold = owner.transaction()
    await hold.start()
    await owner.execute("lock table bookings.booking in access exclusive mode")
    watch = asyncio.create_task(look_at_health(program, checks, 6))
    calls = [asyncio.create_task(call(number, caller, workshop, answers)) for number, caller in enumerate(callers)]
    await asyncio.sleep(3)
    watcher = await postgres.connect()
    waiting = await watcher.fetchval("select count(*) from pg_stat_activity where usename = 'plateau_app' and wait_event_type = 'Lock'")
    await watcher.close()
    await asyncio.sleep(2)
    answered_meanwhile = sum(answers.statuses.values())
    await hold.rollback()
    released = now()
    await asyncio.gather(*calls)
    drained = now() - released
    await watch
    await owner.close()
    verdict.expect(waiting >= 8, f"{waiting} connections of the program waited for the lock")
    odd = {kind: count for kind, count in answers.statuses.items() if kind.split()[0] not in ("200", "201", "409", "503")}
    verdict.expect(not odd, f"{CALLERS} answers: {dict(answers.statuses)}, of which odd: {odd}")
    refusals = answers.seconds.get("503", [])
    verdict.expect(bool(refusals), f"{len(refusals)} were refused, {answered_meanwhile} answered while the lock was held")
    verdict.expect(
        percentile(refusals, 1) <= WAIT + SLACK, f"a refusal took at most {percentile(refusals, 1):.2f} s (wait limit {WAIT} s)")
    verdict.expect(drained <= WAIT + SLACK, f"all were answered {drained:.2f} s after the lock was released")
    for path in ("/healthz", "/readyz"):
        p99 = percentile(checks.seconds.get(path, []), 0.99)
        verdict.expect(p99 <= HEALTH_P99, f"{path}: p99 {milliseconds(p99)} (calm {milliseconds(percentile(calm.seconds[path], 0.99))})")
    verdict.expect(checks.statuses["/healthz 200"] == checks.statuses["/healthz"], "alive throughout")
    verdict.figure("ready throughout", f"{checks.statuses['/readyz 200']} of {checks.statuses['/readyz']}")


async def call(number: int, caller: Client, workshop: Workshop, answers: Answers) -> None:
    """Three kinds of requests, all of which need the table that is locked."""
    begun = now()
    api = API(caller.session, caller.base, caller.key)
    try:
        if number % 3 == 0:
            status, _, _ = await api.send("GET", "/v1/bookings?pageSize=5")
        elif number % 3 == 1:
            booking = Booking(caller.history.next_key(), caller.organisation, lines(caller.random, workshop, Mix()))
            caller.history.bookings.append(booking)
            attempt = await caller.attempt(booking)
            status = attempt.status or 0
        else:
            mine = [booking for booking in caller.history.acknowledged if booking.organisation == caller.organisation]
            attempts: list = []  # type: ignore[type-arg]
            attempt, _, _ = await caller.send(
                f"/v1/bookings/{mine[number % len(mine)].id}/cancellation", {"reason": "drill"}, {"If-Match": '"v9"'}, attempts)
            status = 409 if attempt.status == 412 else attempt.status or 0
    except (aiohttp.ClientError, TimeoutError) as error:
        answers.add(f"000 {type(error).__name__}", now() - begun)
        return
    answers.add(str(status), now() - begun)


async def look_at_health(program: Program, answers: Answers, length: float) -> None:
    end = now() + length
    while now() < end:
        for path in ("/healthz", "/readyz"):
            begun = now()
            status = await health(program.port, path)
            answers.add(path, now() - begun)
            answers.statuses[f"{path} {status}"] += 1
        await asyncio.sleep(0.02)


async def nothing_leaked(
    verdict: Verdict, postgres: Postgres, before_acknowledged: int, callers: list[Client], workshop: Workshop
) -> None:
    owner = await postgres.connect()
    busy = await owner.fetchval("select count(*) from pg_stat_activity where usename = 'plateau_app' and state <> 'idle'")
    connections = await owner.fetchval("select count(*) from pg_stat_activity where usename = 'plateau_app'")
    locks = await owner.fetchval("select count(*) from pg_locks where locktype = 'advisory'")
    await owner.close()
    verdict.expect(connections <= 4 + 4 + 8 + 2, f"connections afterwards: {connections}")
    verdict.expect(busy == 0 and locks == 0, f"busy {busy}, advisory locks {locks}")
    again = Answers()
    await asyncio.gather(*[call(number, caller, workshop, again) for number, caller in enumerate(callers[:60])])
    verdict.expect(again.statuses["503"] == 0, f"the next 60 are served: {dict(again.statuses)}")
