"""32 clients race for a few workstations and machines, while the label of their days is suspended and lifted."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from api import API
from checker import excesses, made_while_suspended, refused_without_suspension, replays, unjustified_refusals
from ground import Ground
from history import History, Suspension, now
from ledger import compare
from load import Load, Mix, clients
from program import session
from verdict import Verdict
from workshop import Workshop

CLIENTS = 32


async def run(ground: Ground, verdict: Verdict) -> None:
    wanted = ground.settings.choose(1_500, 20_000)
    directory = ground.settings.directory / "race"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address())
    history = History("race")
    try:
        await program.start()
        async with session() as http:
            workshop = await Workshop.make(http, program.base, ground)
            begun = now()
            load = Load(clients(http, program.base, ground, history, CLIENTS, "race"), workshop,
                        Mix(cancellations=0.25, repetitions=0.2))
            while sum(history.statuses.values()) < wanted and now() - begun < 600:
                await suspend_and_lift(http, program.base, ground, workshop, history)
            await load.stop()
            verdict.figure("operations", sum(history.statuses.values()))
            verdict.figure("seconds", round(now() - begun, 1))
        await judge(verdict, history, workshop, wanted)
        await compare(verdict, postgres.socket, history, workshop.resources)
    finally:
        await program.stop()
        await postgres.stop()


async def judge(verdict: Verdict, history: History, workshop: Workshop, wanted: int) -> None:
    verdict.figure("history", history.summary)
    verdict.expect_none(excesses(history, workshop.by_id), "acknowledged bookings over capacity at a moment")
    unjustified, looked_at = unjustified_refusals(history, workshop.by_id)
    verdict.expect_none(unjustified, f"of {looked_at} refusals for want of room, unjustified")
    verdict.expect_none(made_while_suspended(history), "made while the label was suspended")
    verdict.expect_none(refused_without_suspension(history), "refused as suspended while it was not")
    verdict.expect(sum(history.statuses.values()) >= wanted, f"operations: at least {wanted}")
    suspended = sum(any(code == "labelSuspended" for code, _ in booking.rules) for booking in history.bookings)
    verdict.expect(looked_at > wanted / 50, f"there was a race: {looked_at} refusals for want of room")
    verdict.expect(replays(history.bookings) > wanted / 50, f"keys were used again: {replays(history.bookings)} answers replayed")
    lifted = sum(suspension.lifted < float("inf") for suspension in history.suspensions)
    verdict.expect(lifted > 0 and suspended > 0, f"the label was suspended {lifted} times; {suspended} bookings refused for it")


async def suspend_and_lift(
    http: aiohttp.ClientSession, base: str, ground: Ground, workshop: Workshop, history: History
) -> None:
    """Suspends the label for the middle day of the three, and lifts that again."""
    zone = ZoneInfo("Europe/Brussels")
    day = workshop.first_day + timedelta(days=1)
    first, last = (int(datetime.combine(at, datetime.min.time(), zone).timestamp()) // 60 for at in (day, day + timedelta(days=1)))
    span = {"effectiveFrom": day.isoformat(), "effectiveTo": day.isoformat()}
    await asyncio.sleep(1)
    proposal = await propose(http, base, ground, workshop, {"kind": "suspend", **span})
    suspension = Suspension(first, last, asked=now())
    history.suspensions.append(suspension)
    decision = await approve(http, base, ground, proposal)
    suspension.recorded = now()
    await asyncio.sleep(1)
    lift = await propose(
        http, base, ground, workshop, {"kind": "lift", "supersedes": decision, "effectiveFrom": span["effectiveFrom"]})
    suspension.lift_asked = now()
    await approve(http, base, ground, lift)
    suspension.lifted = now()


async def propose(
    http: aiohttp.ClientSession, base: str, ground: Ground, workshop: Workshop, decision: dict[str, str]
) -> str:
    authority = API(http, base, ground.key("labelAuthority"))
    today = datetime.now(ZoneInfo("Europe/Brussels")).date().isoformat()
    proposal = await authority.ask("POST", f"/v1/centres/{workshop.centre}/label-decisions", {
        "authority": "government", "reference": "FICTIF / drill", "decidedOn": today, **decision})
    return str(proposal["id"])


async def approve(http: aiohttp.ClientSession, base: str, ground: Ground, proposal: str) -> str:
    other = API(http, base, ground.key("labelAuthority2"))
    recorded = await other.ask("POST", f"/v1/label-decisions/{proposal}/approval", {})
    return str(recorded["decision"]["id"])
