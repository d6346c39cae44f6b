"""The connection to PostgreSQL is cut while it commits: nobody knows whether it did, until the same key is sent again."""

import asyncio

from checker import replays
from ground import Ground
from history import History, now
from ledger import compare
from load import Load, Mix, clients
from program import session
from proxy import CuttingProxy
from verdict import Verdict
from workshop import Workshop


async def run(ground: Ground, verdict: Verdict) -> None:
    wanted = ground.settings.choose(20, 500)
    directory = ground.settings.directory / "commit-cut"
    postgres = ground.postgres(directory)
    await postgres.start()
    proxy = CuttingProxy(postgres.socket, ground.settings.random("cut"))
    port = await proxy.start()
    address = f"host=127.0.0.1 port={port} user=plateau_app dbname=plateau sslmode=disable gssencmode=disable"
    program = ground.served(directory, address)
    history = History("cut")
    try:
        await program.start()
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground, size=10)
            load = Load(clients(http, program.base, ground, history, 8, "cut"), workshop, Mix(repetitions=0, misuses=0))
            await cut(proxy, wanted, ground.settings.random("cut/pauses").uniform)
            await asyncio.sleep(0.5)
            await load.stop()
        await compare(verdict, postgres.socket, history, workshop.resources)
    finally:
        await program.stop()
        await proxy.stop()
        await postgres.stop()
    total = sum(proxy.cuts.values())
    told = sum(attempt.status != 201 for booking in history.acknowledged for attempt in booking.attempts)
    verdict.expect(total >= wanted, f"commits cut: {total} of {wanted} ({dict(proxy.cuts)})")
    verdict.expect(all(proxy.cuts[moment] > 0 for moment in ("before", "behind", "answered")), "every moment was met")
    verdict.expect(
        replays(history.bookings) > 0, f"committed although nobody was told: {replays(history.bookings)} retries got the first booking")
    verdict.figure("attempts without a definite answer", told)
    verdict.figure("history", history.summary)


async def cut(proxy: CuttingProxy, wanted: int, pause) -> None:  # type: ignore[no-untyped-def]
    """One after the other, so that the server has connections again before the next."""
    for number in range(wanted):
        proxy.to_cut = 1
        begun = now()
        while proxy.to_cut and now() - begun < 10:
            await asyncio.sleep(0.005)
        if proxy.to_cut:
            raise TimeoutError(f"no commit passed in 10 s, after {number} cuts")
        await asyncio.sleep(pause(0.02, 0.1))
