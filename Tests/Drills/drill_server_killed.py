"""kill -9 of the server under load, again and again; with a PostgreSQL of its own, and with one that somebody else runs."""

import asyncio
from pathlib import Path
from random import Random

from checker import replays
from ground import Ground
from history import History, now
from ledger import compare
from load import Load, clients
from postgres import amcheck
from program import Program, session
from verdict import Verdict, percentile
from workshop import Workshop

#: A new server on a running database is ready within this many seconds of its start.
READY_WITHIN = 1.0
#: With a database of its own that has to end, recover and start as well.
READY_WITH_DATABASE_WITHIN = 6.0


async def run(ground: Ground, verdict: Verdict) -> None:
    rounds = ground.settings.choose(4, 50)
    directory = ground.settings.directory / "server-killed"
    state = ground.copy(directory / "own")
    own = Program(ground.settings.program, ground.environment(state), directory / "own.log")
    await kill_again_and_again(ground, verdict, own, state / "socket", rounds // 2, "own", READY_WITH_DATABASE_WITHIN)

    postgres = ground.postgres(directory / "other")
    await postgres.start()
    try:
        served = ground.served(directory, postgres.address())
        await kill_again_and_again(ground, verdict, served, postgres.socket, rounds - rounds // 2, "other", READY_WITHIN)
        code, said = await amcheck(postgres.socket, postgres.user, postgres.group)
        verdict.expect(code == 0, f"pg_amcheck finds nothing{'' if code == 0 else ': ' + said[:500]}")
    finally:
        await postgres.stop()


async def kill_again_and_again(
    ground: Ground, verdict: Verdict, program: Program, socket: Path, rounds: int, name: str, limit: float
) -> None:
    """`rounds` kills while eight clients work; every answer is then compared with the database."""
    history = History(f"kill-{name}")
    random = ground.settings.random(f"kill/{name}")
    await program.start()
    try:
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground, size=5)
            load = Load(clients(http, program.base, ground, history, 8, name), workshop)
            ready = [await kill_once(program, random, history) for _ in range(rounds)]
            await asyncio.sleep(1)
            await load.stop()
        await compare(verdict, socket, history, workshop.resources)
        report(verdict, name, history, rounds, ready, limit)
    finally:
        await program.stop()


async def kill_once(program: Program, random: Random, history: History) -> tuple[float, float]:
    """Seconds from the new start to readiness, and from the kill to the next acknowledgement."""
    await asyncio.sleep(random.uniform(0.5, 1.5))
    killed = now()
    program.kill()
    code = await program.wait()
    if code != -9:
        raise RuntimeError(f"the server was not killed, it ended with {code}")
    ready = await program.start()
    while history.first_acknowledgement(killed) == float("inf") and now() - killed < 30:
        await asyncio.sleep(0.01)
    return ready, history.first_acknowledgement(killed) - killed


def report(
    verdict: Verdict, name: str, history: History, rounds: int, times: list[tuple[float, float]], limit: float
) -> None:
    ready, healed = [time[0] for time in times], [time[1] for time in times]
    cut = sum(attempt.status is None for booking in history.bookings for attempt in booking.attempts)
    verdict.expect(cut >= rounds, f"{name} database: {rounds} kills cut off {cut} requests")
    verdict.expect(
        percentile(ready, 0.5) <= limit, f"{name} database: ready {percentile(ready, 0.5):.2f} s after the start (at most {limit} s)")
    verdict.figure(f"{name} database, ready", f"median {percentile(ready, 0.5):.2f} s, worst {max(ready):.2f} s")
    verdict.figure(f"{name} database, from the kill to the next acknowledgement",
                   f"median {percentile(healed, 0.5):.2f} s, worst {max(healed):.2f} s")
    verdict.figure(f"{name} database, replayed to a retry", replays(history.bookings))
    verdict.figure(f"{name} database, history", history.summary)
