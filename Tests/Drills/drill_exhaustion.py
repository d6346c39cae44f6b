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
from probe import Probe
from program import Program, session
from verdict import Verdict, milliseconds, percentile
from workshop import Workshop

CALLERS = 500
#: How long a request may wait for a connection, as the program is built; and what an answer needs besides.
WAIT = 2.0
SLACK = 1.5
HEALTH_P99 = 0.05
HEALTH = ["/healthz", "/readyz"]
#: Calls that need nothing of what is locked; and how long they may take while everything else waits.
UNCONCERNED = ["/v1/me", "/v1/platforms?pageSize=3"]
UNCONCERNED_P99 = 1.0
#: Those that a fault of this kind can take: 4 for reads, 4 for bookings, 8 for transactions.
CONNECTIONS = 16
#: Apart from these: who is calling, whether the database answers, changes of keys, and up to 4 around what is stuck.
OTHER_CONNECTIONS = 7


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
    answers = Answers()
    calm = await (await Probe.start(program.port, 1.5, HEALTH)).result()
    hold = owner.transaction()
    await hold.start()
    await owner.execute("lock table bookings.booking in access exclusive mode")
    watch = await Probe.start(program.port, 8, HEALTH)
    # A key that nobody used before: who it is has to be asked as well.
    beside = await Probe.start(program.port, 8, UNCONCERNED, ground.key("labelAuthority"), pause=0.05, is_kept=True)
    # Reads last: whoever asks is found by a read too, so that blocked reads keep everybody else out.
    calls = []
    for kind in (1, 2, 0):
        calls += [asyncio.create_task(call(number, caller, workshop, answers))
                  for number, caller in enumerate(callers) if number % 3 == kind]
        await asyncio.sleep(0.3)
    waiting = await until_all_wait(postgres)
    await asyncio.sleep(WAIT + 2)
    answered_meanwhile = sum(answers.statuses.values())
    await hold.rollback()
    released = now()
    await asyncio.gather(*calls)
    drained = now() - released
    await owner.close()
    verdict.expect(waiting >= CONNECTIONS, f"{waiting} of {CONNECTIONS} connections of the program waited for the lock")
    judge(verdict, answers, answered_meanwhile, drained)
    judge_health(verdict, calm, await watch.result())
    judge_unconcerned(verdict, await beside.result())


async def until_all_wait(postgres: Postgres, within: float = 15) -> int:
    """How many connections of the program wait for a lock at the end."""
    watcher = await postgres.connect()
    waiting, deadline = 0, now() + within
    while waiting < CONNECTIONS and now() < deadline:
        waiting = await watcher.fetchval(
            "select count(*) from pg_stat_activity where usename = 'plateau_app' and wait_event_type = 'Lock'")
        await asyncio.sleep(0.05)
    await watcher.close()
    return waiting


def judge(verdict: Verdict, answers: Answers, answered_meanwhile: int, drained: float) -> None:
    odd = {kind: count for kind, count in answers.statuses.items() if kind.split()[0] not in ("200", "201", "409", "503")}
    verdict.expect(not odd, f"{CALLERS} answers: {dict(answers.statuses)}, of which odd: {odd}")
    refusals = answers.seconds.get("503", [])
    verdict.expect(bool(refusals), f"{len(refusals)} were refused, {answered_meanwhile} answered while the lock was held")
    verdict.expect(
        percentile(refusals, 1) <= WAIT + SLACK, f"a refusal took at most {percentile(refusals, 1):.2f} s (wait limit {WAIT} s)")
    verdict.expect(drained <= WAIT + SLACK, f"all were answered {drained:.2f} s after the lock was released")


def judge_health(
    verdict: Verdict, calm: dict[str, list[tuple[int | None, float]]], held: dict[str, list[tuple[int | None, float]]]
) -> None:
    """On a machine that is slow without any fault, what it takes then is the measure."""
    for path in HEALTH:
        before, during = (percentile([taken for _, taken in answers[path]], 0.99) for answers in (calm, held))
        limit = max(HEALTH_P99, 3 * before)
        verdict.expect(during <= limit, f"{path}: p99 {milliseconds(during)} of {len(held[path])} (at most {milliseconds(limit)};"
                       f" {milliseconds(before)} without the fault)")
        statuses = Counter(status for status, _ in held[path])
        verdict.figure(path, dict(statuses))
        verdict.expect(set(statuses) == {200}, f"{path}: {'alive' if path == '/healthz' else 'ready'} throughout")


def judge_unconcerned(verdict: Verdict, answers: dict[str, list[tuple[int | None, float]]]) -> None:
    """Who asks for something else is served, and known, while every connection for reads is stuck."""
    for path, found in answers.items():
        statuses = Counter(status for status, _ in found)
        p99 = percentile([taken for _, taken in found], 0.99)
        verdict.expect(set(statuses) == {200}, f"{path} beside it: {dict(statuses)}")
        verdict.expect(p99 <= UNCONCERNED_P99, f"{path} beside it: p99 {milliseconds(p99)} (at most {milliseconds(UNCONCERNED_P99)})")


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


async def nothing_leaked(
    verdict: Verdict, postgres: Postgres, before_acknowledged: int, callers: list[Client], workshop: Workshop
) -> None:
    owner = await postgres.connect()
    busy = await owner.fetchval("select count(*) from pg_stat_activity where usename = 'plateau_app' and state <> 'idle'")
    connections = await owner.fetchval("select count(*) from pg_stat_activity where usename = 'plateau_app'")
    locks = await owner.fetchval("select count(*) from pg_locks where locktype = 'advisory'")
    await owner.close()
    verdict.expect(connections <= CONNECTIONS + OTHER_CONNECTIONS, f"connections afterwards: {connections}")
    verdict.expect(busy == 0 and locks == 0, f"busy {busy}, advisory locks {locks}")
    again = Answers()
    await asyncio.gather(*[call(number, caller, workshop, again) for number, caller in enumerate(callers[:60])])
    verdict.expect(again.statuses["503"] == 0, f"the next 60 are served: {dict(again.statuses)}")
