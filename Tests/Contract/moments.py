"""Bookings about now: one that can be checked into, one in use, one that nobody came to, one that waits for room."""

import datetime
import time

KINDS = ("booking:now", "booking:inUse", "booking:absent", "booking:waiting")
SECONDS_AHEAD = 2


def soon() -> str:
    """A moment of today, or of tomorrow's first hours."""
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ")


def bodies(kind, platform):
    """What to ask for, in order; the last is the booking meant."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    quarter = now.replace(minute=now.minute // 15 * 15, second=0) + datetime.timedelta(minutes=15)
    start = now + datetime.timedelta(seconds=SECONDS_AHEAD) if kind == "booking:absent" else quarter
    if kind == "booking:waiting":
        start = quarter + datetime.timedelta(days=20)
    moments = [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (start, start + datetime.timedelta(hours=1))]
    line = {"resourceId": platform, "start": moments[0], "end": moments[1]}
    if kind == "booking:waiting":
        line |= {"exclusive": True}
    body = {"activity": "demonstration", "lines": [line]}
    if kind == "booking:absent":
        # Begins within seconds: the clock of a server that runs is not to be moved.
        body["override"] = {"codes": ["offGrid"], "reason": "example"}
    return [body, {**body, "waitlist": True}] if kind == "booking:waiting" else [body]


def wait(kind):
    """Until it has begun."""
    if kind == "booking:absent":
        time.sleep(SECONDS_AHEAD + 0.2)
