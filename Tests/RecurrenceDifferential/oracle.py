"""The occurrences of a recurrence as python-dateutil and zoneinfo have them."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from dateutil import rrule as dateutil_rrule
from dateutil.rrule import rrulestr

from known_differences import KNOWN_DIFFERENCES, Question

# What lies later is not compared.
WINDOW = timedelta(days=15 * 365)

# dateutil looks for a 30 February until its calendar ends, and heeds UNTIL only when it has found one: its calendar is cut short.
CALENDAR = SimpleNamespace(**vars(dateutil_rrule.datetime))
dateutil_rrule.datetime = CALENDAR


@dataclass(frozen=True)
class Case:
    text: str
    zone: str
    start: datetime
    limit: int


@dataclass(frozen=True)
class Answer:
    occurrences: list[tuple[str, str]]
    is_cut: bool
    # Whether the window may have ended it.
    is_open: bool


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """PEP 495, fold 0: the first of two; in a gap the offset before it, so forward by the gap (RFC 5545, 3.3.5)."""
    return local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def rule_days(parts: dict[str, str], start: datetime, used: Counter[str]) -> Iterator[datetime]:
    """The local times of a rule inside the window, without COUNT and UNTIL."""
    question = Question(parts, start, start)
    for difference in KNOWN_DIFFERENCES:
        if difference.applies(question):
            question = difference.rewrite(question)
            used[difference.name] += 1
    parts = question.parts | {"UNTIL": (start + WINDOW).strftime("%Y%m%dT%H%M%S")}
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    CALENDAR.MAXYEAR = (start + WINDOW).year
    try:
        rule = rrulestr(text, dtstart=question.asked_from)
    except ValueError as error:
        # dateutil refuses rules whose INTERVAL and parts can never meet; that is an empty set.
        if "Invalid rrule byxxx" not in str(error):
            raise
        return
    for local in rule:
        if local >= question.counted_from:
            yield local


def occurrences(case: Case, used: Counter[str]) -> Answer:
    zone = ZoneInfo(case.zone)
    lines = case.text.split("\n")
    parts = dict(part.split("=") for part in lines[0].removeprefix("RRULE:").split(";"))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    excluded_days, excluded, added = _dates(lines[1:], case.start.time(), zone)
    found: dict[datetime, datetime] = {}

    def add(local: datetime) -> None:
        start = instant(local, zone)
        if local.date() not in excluded_days and start not in excluded:
            found.setdefault(start, local)

    is_open = True
    for number, local in enumerate(rule_days(parts, case.start, used)):
        if len(found) > case.limit or number == int(count or -1) or until and _is_over(local, until, zone):
            is_open = False
            break
        add(local)
    for local in added:
        add(local)
    ordered = sorted(found.items())
    shown = [(_local_text(local), start.strftime("%Y-%m-%dT%H:%M:%SZ")) for start, local in ordered[: case.limit]]
    return Answer(shown, len(ordered) > case.limit, is_open)


def _is_over(local: datetime, until: str, zone: ZoneInfo) -> bool:
    if until.endswith("Z"):
        last = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        return instant(local, zone) > last
    return local.date() > datetime.strptime(until, "%Y%m%d").date()


def _dates(lines: list[str], at: time, zone: ZoneInfo) -> tuple[set[date], set[datetime], list[datetime]]:
    """Days left out, instants left out, local times added."""
    excluded_days: set[date] = set()
    excluded: set[datetime] = set()
    added: list[datetime] = []
    for line in lines:
        head, value = line.split(":", 1)
        name, *parameters = head.split(";")
        if len(value) == 8:
            day = datetime.strptime(value, "%Y%m%d").date()
            if name == "EXDATE":
                excluded_days.add(day)
            else:
                added.append(datetime.combine(day, at))
            continue
        written = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")
        named = next((ZoneInfo(p.removeprefix("TZID=")) for p in parameters if p.startswith("TZID=")), zone)
        moment = written.replace(tzinfo=timezone.utc) if value.endswith("Z") else instant(written, named)
        if name == "EXDATE":
            excluded.add(moment)
        elif value.endswith("Z") or named is not zone:
            added.append(moment.astimezone(zone).replace(tzinfo=None, fold=0))
        else:
            added.append(written)
    return excluded_days, excluded, added


def _local_text(local: datetime) -> str:
    return local.strftime("%Y-%m-%dT%H:%M" if local.second == 0 else "%Y-%m-%dT%H:%M:%S")
