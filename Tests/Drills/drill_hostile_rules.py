"""Recurrence rules that are written to cost much: each refused, from request to answer, within the time that its contract gives."""

import time
from typing import Any

from api import API
from ground import Ground
from program import session
from verdict import Verdict, milliseconds

#: For everything: reading, authentication, the rule, the answer.
LIMIT = 0.010
#: The best of so many: what else the machine does is no fault of the rule.
ROUNDS = 20
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NEVER = (
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=-31", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366", "FREQ=DAILY;BYMONTH=1;BYSETPOS=2",
    "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=7",
)
ENDLESS = (
    "FREQ=DAILY", f"FREQ=YEARLY;BYDAY={','.join(WEEK)};BYSETPOS=366,-366",
    f"FREQ=YEARLY;BYDAY={','.join(WEEK)};BYSETPOS={','.join(str(number) for number in range(1, 367))}",
    f"FREQ=MONTHLY;BYDAY={','.join(f'{number}{day}' for number in range(1, 6) for day in WEEK)}",
)
UNREADABLE = ("FREQ=SECONDLY;COUNT=366", "FREQ=DAILY;" * 300, "FREQ=DAILY;BYDAY=" + "MO," * 1_000, "FREQ=DAILY;COUNT=" + "9" * 2_000)


async def run(ground: Ground, verdict: Verdict) -> None:
    directory = ground.settings.directory / "hostile-rules"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address())
    try:
        await program.start()
        async with session() as http:
            api = API(http, program.base, ground.key("trainingOrganisation"))
            platform = (await api.ask("GET", "/v1/platforms?pageSize=1"))["items"][0]["id"]
            plain = await refused(verdict, api, series(platform, "FREQ=HOURLY"), "a short rule that is not known")
            slowest = 0.0
            for rule in (*NEVER, *ENDLESS, *UNREADABLE):
                slowest = max(slowest, await refused(verdict, api, series(platform, rule), rule[:80]))
            verdict.figure("slowest", f"{milliseconds(slowest)}, a short one {milliseconds(plain)}")
        verdict.expect(await program.is_ready(), "ready at the end")
    finally:
        await program.stop()
        await postgres.stop()


def series(platform: str, rule: str) -> dict[str, Any]:
    """A Monday at nine, and so on by the rule."""
    line = {"resourceId": platform, "start": "2027-01-04T09:00:00+01:00", "end": "2027-01-04T10:00:00+01:00", "seats": 1}
    return {"activity": "demonstration", "audiences": [], "lines": [line], "rule": rule}


async def refused(verdict: Verdict, api: API, body: dict[str, Any], name: str) -> float:
    """The seconds that its refusal takes at best."""
    seconds, statuses = [], set()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        status, _, _ = await api.send("POST", "/v1/booking-series?dryRun=true", body)
        seconds.append(time.perf_counter() - begun)
        statuses.add(status)
    verdict.expect(statuses == {400} and min(seconds) < LIMIT,
                   f"{name}: refused in {milliseconds(min(seconds))} (less than {milliseconds(LIMIT)}), {sorted(statuses)}")
    return min(seconds)
