"""The work that goes on while something is broken: bookings, cancellations, retries, reads."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import aiohttp

from client import Client
from ground import Ground
from history import Booking, History, Line
from workshop import GRID, MINUTES_A_DAY, Workshop

#: Whose keys the clients hold, in turns.
ROLES = ("trainingOrganisation", "company")


@dataclass
class Mix:
    """Of how many actions how many are what; the rest are new bookings."""

    cancellations: float = 0.3
    repetitions: float = 0.1
    misuses: float = 0.03
    longest_minutes: int = 240
    second_lines: float = 0.3


async def work(client: Client, workshop: Workshop, mix: Mix, goes_on: Callable[[], bool]) -> None:
    """One client, one action after the other."""
    mine: list[Booking] = []
    while goes_on():
        choice = client.random.random()
        open_bookings = [booking for booking in mine[-50:] if booking.cancellation_outcome is None]
        if choice < mix.cancellations and open_bookings:
            await client.cancel(client.random.choice(open_bookings))
        elif choice < mix.cancellations + mix.repetitions and mine:
            await client.attempt(client.random.choice(mine[-50:]))
        elif choice < mix.cancellations + mix.repetitions + mix.misuses and mine:
            await misuse(client, client.random.choice(mine[-50:]))
        else:
            booking = Booking(client.history.next_key(), client.organisation, lines(client.random, workshop, mix))
            await client.book(booking)
            if booking.outcome == "acknowledged":
                mine.append(booking)


async def misuse(client: Client, booking: Booking) -> None:
    """The same key with another body: refused, and without effect."""
    body = {"activity": "demonstration", "audiences": [], "title": booking.key + " again", "lines": []}
    attempt, _, _ = await client.send("/v1/bookings", {**body, "lines": [{
        "resourceId": booking.lines[0].resource, "start": "2099-01-01T10:00:00Z", "end": "2099-01-01T11:00:00Z", "seats": 1}]},
        {"Idempotency-Key": booking.key}, [])
    if attempt.status is not None and attempt.status not in (422, 503, 500) and attempt.code != "idempotencyInFlight":
        client.history.fault(f"{attempt.status} {attempt.code} for another body under {booking.key}")


def lines(random: Random, workshop: Workshop, mix: Mix) -> tuple[Line, ...]:
    """One resource, sometimes with a second, over three days that have midnights between them."""
    length = GRID * random.randint(1, mix.longest_minutes // GRID)
    start = workshop.first_minute + GRID * random.randrange((3 * MINUTES_A_DAY - length) // GRID)
    chosen = random.sample(workshop.resources, 2 if random.random() < mix.second_lines else 1)
    return tuple(Line(resource.id, start, start + length, 1 if resource.is_unit else random.randint(1, min(4, resource.capacity)))
                 for resource in chosen)


def clients(
    session: aiohttp.ClientSession, base: str, ground: Ground, history: History, count: int, salt: str, patience: float = 60
) -> list[Client]:
    """Of two organisations by turns, each with random numbers of its own."""
    return [
        Client(session, base, ground.key(ROLES[number % 2]), ground.organisation(ROLES[number % 2]), history,
               ground.settings.random(f"{salt}/{number}"), patience=patience)
        for number in range(count)
    ]


class Load:
    """Clients at work until they are told to stop."""

    def __init__(self, clients: list[Client], workshop: Workshop, mix: Mix | None = None) -> None:
        self.goes_on = True
        self.tasks = [asyncio.create_task(work(client, workshop, mix or Mix(), lambda: self.goes_on)) for client in clients]

    async def stop(self) -> None:
        """Lets each client settle what it is at; an error in one of them is raised."""
        self.goes_on = False
        await asyncio.gather(*self.tasks)
