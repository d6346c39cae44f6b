"""Compares what was read of calendars of closures with what icalendar and recurring-ical-events read. Status 1 when any differs, or when
there are too few."""
from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

FEWEST_CALENDARS = 300
DAY = timedelta(days=1)
Closings = dict[str, list[list[Any]]]


def by_the_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of the place shows; a time without a zone is the place's. By way of UTC, since Python leaves a time of its own zone
    alone, though the clocks skip it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def parts(start: date | datetime, end: date | datetime, zone: ZoneInfo) -> list[tuple[date, int, int]]:
    """The parts of days that an occurrence closes, in minutes after midnight."""
    if not isinstance(start, datetime):
        return [(start + number * DAY, 0, 1440) for number in range((end - start).days)]
    first = by_the_clock(start, zone)
    last = max(by_the_clock(end, zone), first + timedelta(seconds=1))
    found = []
    day = first.date()
    while day <= (last - timedelta(seconds=1)).date():
        midnight = datetime.combine(day, time())
        starts = max(timedelta(), first - midnight)
        ends = min(DAY, last - midnight)
        found.append((day, int(starts.total_seconds()) // 60, -(-int(ends.total_seconds()) // 60)))
        day += DAY
    return found


def joined(found: list[tuple[date, int, int]]) -> list[list[Any]]:
    together: list[list[Any]] = []
    for day, starts, ends in sorted(found):
        if together and together[-1][0] == day.isoformat() and starts <= together[-1][2]:
            together[-1][2] = max(together[-1][2], ends)
        else:
            together.append([day.isoformat(), starts, ends])
    return together


def read(recorded: dict[str, Any]) -> Closings:
    zone = ZoneInfo(recorded["zone"])
    first, last = date.fromisoformat(recorded["first"]), date.fromisoformat(recorded["last"])
    calendar = icalendar.Calendar.from_ical(recorded["calendar"])
    found: dict[str, list[tuple[date, int, int]]] = defaultdict(list)
    # Two days on either side: another zone's day, and what lasts over night.
    for event in recurring_ical_events.of(calendar).between(first - 2 * DAY, last + 3 * DAY):
        if event.get("STATUS") != "CANCELLED":
            found[str(event["UID"])] += parts(event.decoded("DTSTART"), event.decoded("DTEND"), zone)
    uids = {str(event["UID"]) for event in calendar.walk("VEVENT")}
    return {uid: joined([part for part in found[uid] if first <= part[0] <= last]) for uid in uids}


def difference(recorded: dict[str, Any]) -> str | None:
    """The first thing in which the two differ, in words."""
    theirs = read(recorded)
    ours = recorded["series"]
    if ours.keys() != theirs.keys():
        return f"the series {sorted(ours)}, icalendar {sorted(theirs)}"
    for uid, closings in ours.items():
        for mine, other in zip(closings, theirs[uid]):
            if mine != other:
                return f"{uid}: {mine}, icalendar {other}"
        if len(closings) != len(theirs[uid]):
            return f"{uid}: {len(closings)} parts of days, icalendar {len(theirs[uid])}"
    return None


def main(path: str) -> int:
    calendars = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    faults = []
    for recorded in calendars:
        if fault := difference(recorded):
            faults.append(f"{fault}, in {recorded['zone']}:\n{recorded['calendar']}")
    print(*faults[:10], sep="\n", end="\n" if faults else "")
    total = sum(len(closings) for recorded in calendars for closings in recorded["series"].values())
    print(f"{len(calendars)} calendars, {total} parts of days compared, {len(faults)} faults")
    return 1 if faults or len(calendars) < FEWEST_CALENDARS else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: compare.py FILE.jsonl")
    sys.exit(main(sys.argv[1]))
