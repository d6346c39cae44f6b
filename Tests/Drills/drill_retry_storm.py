"""Everybody sends everything twice at once and then again, all for one platform: what gets done beside the same load spread over fifty."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import aiohttp

from api import API
from checker import excesses
from client import Client
from ground import Ground
from history import Booking, History, Line
from ledger import compare
from load import clients
from program import session
from verdict import Verdict
from workshop import GRID, MINUTES_A_DAY, Resource, Workshop

CLIENTS, PLATFORMS, SEATS = 32, 50, 20
LEAST_SHARE = 0.5


async def run(ground: Ground, verdict: Verdict) -> None:
    directory = ground.settings.directory / "retry-storm"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address())
    history = History("storm")
    try:
        await program.start()
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground)
            workshop = replace(workshop, resources=await platforms(http, program.base, ground, workshop))
            callers = clients(http, program.base, ground, history, CLIENTS, "storm")
            hot, spread = await by_turns(
                callers, workshop, pairs=ground.settings.choose(2, 4), seconds=ground.settings.choose(4, 15))
            judge(verdict, hot, spread)
            verdict.figure("history", history.summary)
            verdict.expect_none(history.faults, "faults")
            verdict.expect_none(excesses(history, workshop.by_id), "acknowledged bookings over capacity at a moment")
            verdict.expect(sum(history.statuses.values()) > 1_000, "there was a storm")
        await compare(verdict, postgres.socket, history, workshop.resources)
    finally:
        await program.stop()
        await postgres.stop()


def judge(verdict: Verdict, hot: list[float], spread: list[float]) -> None:
    """By what was done a second, each way several times by turns, so that a machine that slows down slows both."""
    share = sum(hot) / sum(spread) if sum(spread) else 0.0
    verdict.expect(
        share >= LEAST_SHARE,
        f"one hot platform gets {share:.2f} of the work done that {PLATFORMS} get (at least {LEAST_SHARE}):"
        f" {', '.join(f'{rate:.0f}' for rate in hot)} and {', '.join(f'{rate:.0f}' for rate in spread)} bookings a second")


async def by_turns(callers: list[Client], workshop: Workshop, pairs: int, seconds: float) -> tuple[list[float], list[float]]:
    await storm(callers, workshop.resources, workshop, 2)
    hot, spread = [], []
    for _ in range(pairs):
        spread.append(await storm(callers, workshop.resources, workshop, seconds))
        hot.append(await storm(callers, workshop.resources[:1], workshop, seconds))
    return hot, spread


async def storm(callers: list[Client], resources: list[Resource], workshop: Workshop, seconds: float) -> float:
    """Bookings made and cancelled again, a second."""
    begun = time.monotonic()

    async def one(caller: Client, goes_on: Callable[[], bool]) -> int:
        count = 0
        while goes_on():
            # One day: its lock is what they all wait for.
            start = workshop.first_minute + GRID * caller.random.randrange(MINUTES_A_DAY // GRID - 4)
            line = Line(caller.random.choice(resources).id, start, start + GRID * caller.random.randint(1, 4), 1)
            booking = Booking(caller.history.next_key(), caller.organisation, (line,))
            await asyncio.gather(caller.book(booking), caller.attempt(booking))
            if booking.outcome == "acknowledged":
                await caller.attempt(booking)
                await caller.cancel(booking)
                count += 1
        return count

    done = sum(await asyncio.gather(*(one(caller, lambda: time.monotonic() < begun + seconds) for caller in callers)))
    return done / (time.monotonic() - begun)


async def platforms(http: aiohttp.ClientSession, base: str, ground: Ground, workshop: Workshop) -> list[Resource]:
    """On the site of the workshop."""
    manager = API(http, base, ground.key("centreManager"))
    site = (await manager.ask("GET", f"/v1/platforms/{workshop.resources[0].id}"))["siteId"]
    return [
        await Workshop.platform(manager, workshop.centre, site, f"storm {number}", SEATS, 0, 0) for number in range(PLATFORMS)
    ]
