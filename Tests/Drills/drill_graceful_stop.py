"""SIGTERM under load: what was accepted is answered, and two instances replace each other without one failed request."""

import asyncio

import aiohttp

from api import API
from client import Client
from ground import Ground
from history import Booking, History, now
from ledger import compare
from load import Mix, clients, lines
from postgres import Postgres
from program import Program, health, session
from verdict import Verdict
from workshop import Workshop

#: A stopping instance is given this long to be left alone by balancers, and this long to end.
DRAIN = 1
ENDS_WITHIN = 25.0


async def run(ground: Ground, verdict: Verdict) -> None:
    directory = ground.settings.directory / "graceful-stop"
    postgres = ground.postgres(directory)
    await postgres.start()
    history = History("stop")
    drain = {"PLATEAU_HTTP_DRAIN_SECONDS": str(DRAIN)}
    instances = [ground.served(directory, postgres.address(), None, **drain) for _ in range(2)]
    try:
        for instance in instances:
            await instance.start()
        async with session(force_close=True) as http:
            workshop = await Workshop.make(http, instances[0].base, ground, size=10)
            await answer_what_was_accepted(verdict, ground, instances[0], postgres, http, history, workshop)
        await instances[0].start()
        async with session() as http:
            await roll(verdict, ground, instances, http, history, workshop)
        await compare(verdict, postgres.socket, history, workshop.resources)
    finally:
        for instance in instances:
            await instance.stop()
        await postgres.stop()


async def answer_what_was_accepted(
    verdict: Verdict, ground: Ground, program: Program, postgres: Postgres, http: aiohttp.ClientSession, history: History,
    workshop: Workshop
) -> None:
    """Forty requests are at work, held up by a lock, when the signal comes."""
    callers = clients(http, program.base, ground, history, 40, "stop", patience=0)
    bookings = [Booking(history.next_key(), caller.organisation, lines(caller.random, workshop, Mix())) for caller in callers]
    owner = await postgres.connect()
    hold = owner.transaction()
    await hold.start()
    await owner.execute("lock table bookings.booking in access exclusive mode")
    tasks = [asyncio.create_task(caller.book(booking)) for caller, booking in zip(callers, bookings, strict=True)]
    # Patience 0 means no retry: each is sent once.
    for caller in callers:
        caller.patience = 0.001
    await asyncio.sleep(0.7)
    at_work = sum(not task.done() for task in tasks)
    begun = now()
    stopping = asyncio.create_task(program.stop())
    await asyncio.sleep(0.3)
    ready_while_draining = await health(program.port)
    await asyncio.sleep(0.5)
    await hold.rollback()
    await owner.close()
    await asyncio.gather(*tasks)
    code = await stopping
    took = now() - begun
    settled = sum(booking.outcome in ("acknowledged", "refused") for booking in bookings)
    verdict.expect(at_work >= 30, f"{at_work} requests were at work when SIGTERM came")
    verdict.expect(settled == len(bookings), f"{settled} of {len(bookings)} requests were answered")
    verdict.expect(ready_while_draining == 503, f"not ready while it drains: {ready_while_draining}")
    verdict.expect(code == 0 and took <= ENDS_WITHIN, f"ended with {code} after {took:.1f} s")


async def roll(
    verdict: Verdict, ground: Ground, instances: list[Program], http: aiohttp.ClientSession, history: History, workshop: Workshop
) -> None:
    """Instances are stopped and started by turns while clients go where readiness is."""
    balancer = Balancer(instances)
    watch = asyncio.create_task(balancer.watch())
    await asyncio.sleep(0.3)
    callers = clients(http, "", ground, history, 12, "roll")
    failures: list[str] = []
    load = [asyncio.create_task(balancer.keep_calling(caller, workshop, failures)) for caller in callers]
    codes = []
    for turn in range(ground.settings.choose(3, 20)):
        await asyncio.sleep(1)
        codes.append(await instances[turn % 2].stop())
        await instances[turn % 2].start()
    await asyncio.sleep(1)
    balancer.goes_on = False
    await asyncio.gather(*load)
    await watch
    verdict.expect_none(failures, f"of {balancer.calls} requests over {len(codes)} restarts, failed")
    verdict.expect(all(code == 0 for code in codes), f"each ended in order: {codes}")
    verdict.expect(balancer.calls > 100, f"there was load: {balancer.calls} requests")


class Balancer:
    """Sends each request to an instance that was ready at the last look, and does not try again."""

    def __init__(self, instances: list[Program]) -> None:
        self.instances = instances
        self.ready: list[Program] = []
        self.goes_on = True
        self.calls = 0

    async def watch(self) -> None:
        while self.goes_on:
            states = await asyncio.gather(*[health(instance.port) for instance in self.instances])
            self.ready = [instance for instance, state in zip(self.instances, states, strict=True) if state == 200]
            await asyncio.sleep(0.1)

    async def keep_calling(self, caller: Client, workshop: Workshop, failures: list[str]) -> None:
        while self.goes_on:
            if not self.ready:
                failures.append("no instance was ready")
                await asyncio.sleep(0.2)
                continue
            caller.base = caller.random.choice(self.ready).base
            self.calls += 1
            if caller.random.random() < 0.3:
                status, _, document = await API(caller.session, caller.base, caller.key).send("GET", "/v1/platforms?pageSize=3")
                if status != 200:
                    failures.append(f"{status} {document}")
                continue
            booking = Booking(caller.history.next_key(), caller.organisation, lines(caller.random, workshop, Mix()))
            caller.history.bookings.append(booking)
            attempt = await caller.attempt(booking)
            if booking.outcome not in ("acknowledged", "refused"):
                failures.append(f"{attempt.status} {attempt.code} for {booking.key}")
