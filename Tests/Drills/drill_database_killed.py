"""kill -9 of every process of PostgreSQL under load, fsync on: what was acknowledged stays, what is asked meanwhile gets 503."""

import asyncio
from dataclasses import dataclass, field

from ground import Ground
from history import History, now
from ledger import compare
from load import Load, clients
from postgres import Postgres, amcheck
from program import Program, health, session
from verdict import Verdict, percentile
from workshop import Workshop

#: Seconds from the moment when PostgreSQL takes connections to the next acknowledgement.
HEALED_WITHIN = 2.0
#: Seconds until the server says that it is not ready.
NOTICED_WITHIN = 1.0


@dataclass
class Outages:
    """What was seen in each."""

    noticed: list[float] = field(default_factory=list)
    recovered: list[float] = field(default_factory=list)
    healed: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    victims: list[int] = field(default_factory=list)
    refusals: int = 0


async def run(ground: Ground, verdict: Verdict) -> None:
    rounds = ground.settings.choose(2, 25)
    directory = ground.settings.directory / "database-killed"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address())
    history, outages = History("pgkill"), Outages()
    random = ground.settings.random("pgkill")
    try:
        await program.start()
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground, size=5)
            load = Load(clients(http, program.base, ground, history, 16, "pgkill"), workshop)
            for _ in range(rounds):
                await asyncio.sleep(random.uniform(0.5, 1.5))
                await one_outage(program, postgres, history, outages, random.uniform(1.2, 3))
            await asyncio.sleep(0.5)
            await load.stop()
        await compare(verdict, postgres.socket, history, workshop.resources)
        report(verdict, history, outages, rounds)
        code, said = await amcheck(postgres.socket, postgres.user, postgres.group)
        verdict.expect(code == 0, f"pg_amcheck finds nothing{'' if code == 0 else ': ' + said[:500]}")
    finally:
        await program.stop()
        await postgres.stop()


async def one_outage(program: Program, postgres: Postgres, history: History, outages: Outages, length: float) -> None:
    refused = unavailable(history)
    killed = now()
    victims = await postgres.kill()
    outages.victims.append(len(victims))
    while await health(program.port) == 200 and now() - killed < 10:
        await asyncio.sleep(0.01)
    outages.noticed.append(now() - killed)
    await asyncio.sleep(max(0, killed + length - now()))
    outages.refusals += unavailable(history) - refused
    outages.recovered.append(await postgres.start())
    accepted = now()
    while not await program.is_ready() and now() - accepted < 15:
        await asyncio.sleep(0.01)
    outages.ready.append(now() - accepted)
    while history.first_acknowledgement(accepted) == float("inf") and now() - accepted < 15:
        await asyncio.sleep(0.01)
    outages.healed.append(history.first_acknowledgement(accepted) - accepted)


def unavailable(history: History) -> int:
    return sum(count for status, count in history.statuses.items() if status.startswith("503"))


def report(verdict: Verdict, history: History, outages: Outages, rounds: int) -> None:
    verdict.expect(min(outages.victims) > 5, f"{rounds} kills, each of at least {min(outages.victims)} processes")
    verdict.expect(outages.refusals > rounds, f"503 with Retry-After while it was down: {outages.refusals}")
    verdict.expect(max(outages.noticed) <= NOTICED_WITHIN, f"not ready within {max(outages.noticed):.2f} s of the kill")
    verdict.expect(max(outages.healed) <= HEALED_WITHIN, f"an acknowledgement within {max(outages.healed):.2f} s of the recovery")
    verdict.expect(max(outages.ready) <= HEALED_WITHIN, f"ready again within {max(outages.ready):.2f} s of the recovery")
    verdict.figure("recovery of PostgreSQL", f"median {percentile(outages.recovered, 0.5):.2f} s, worst {max(outages.recovered):.2f} s")
    verdict.figure("healed", f"median {percentile(outages.healed, 0.5):.2f} s, worst {max(outages.healed):.2f} s")
    verdict.figure("history", history.summary)
