"""Where python-dateutil 2.9.0 departs from RFC 5545, and how it is asked so that it does not.

Each entry rewrites what dateutil is asked; nothing is left out of the comparison.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Question:
    """What dateutil is asked: the parts of a rule without COUNT and UNTIL, from when, and from when on its answers count."""

    parts: dict[str, str]
    asked_from: datetime
    counted_from: datetime


@dataclass(frozen=True)
class KnownDifference:
    name: str
    clause: str
    applies: Callable[[Question], bool]
    rewrite: Callable[[Question], Question]


def _entries(question: Question) -> list[str]:
    return question.parts["BYDAY"].split(",") if "BYDAY" in question.parts else []


def _mixes_plain_and_ordinal(question: Question) -> bool:
    return len({len(entry) > 2 for entry in _entries(question)}) == 2


def _only_ordinals(question: Question) -> Question:
    in_year = question.parts["FREQ"] == "YEARLY" and "BYMONTH" not in question.parts
    spelled: list[str] = []
    for entry in _entries(question):
        if len(entry) > 2:
            spelled.append(entry)
        else:
            spelled += [f"{nth}{entry}" for nth in range(1, 54 if in_year else 6)]
    return replace(question, parts=question.parts | {"BYDAY": ",".join(spelled)})


def _counts_in_month(question: Question) -> bool:
    return question.parts["FREQ"] == "MONTHLY" or "BYMONTH" in question.parts


def _has_ordinal_beyond_month(question: Question) -> bool:
    return _counts_in_month(question) and any(abs(_ordinal(entry)) > 6 for entry in _entries(question))


def _ordinal(entry: str) -> int:
    return int(entry[:-2] or "0")


def _nearest_ordinal_beyond_month(question: Question) -> Question:
    entries = [f"{max(-6, min(6, _ordinal(e)))}{e[-2:]}" if len(e) > 2 else e for e in _entries(question)]
    return replace(question, parts=question.parts | {"BYDAY": ",".join(entries)})


def _has_positions_in_week(question: Question) -> bool:
    return question.parts["FREQ"] == "WEEKLY" and "BYSETPOS" in question.parts


def _from_start_of_week(question: Question) -> Question:
    week_start = WEEKDAYS.index(question.parts.get("WKST", "MO"))
    back = (question.asked_from.weekday() - week_start) % 7
    parts = {"BYDAY": WEEKDAYS[question.asked_from.weekday()]} | question.parts
    return replace(question, parts=parts, asked_from=question.asked_from - timedelta(days=back))


KNOWN_DIFFERENCES = (
    KnownDifference(
        "plain and ordinal weekdays in one BYDAY",
        "3.3.10: BYDAY is a list of days, each with or without an ordinal. dateutil wants a day to be in both kinds at once.",
        _mixes_plain_and_ordinal,
        _only_ordinals,
    ),
    KnownDifference(
        "an ordinal beyond the weeks of a month",
        "3.3.10: an ordinal is 1 to 53, and one that the month lacks chooses nothing. dateutil fails on an index beyond the year.",
        _has_ordinal_beyond_month,
        _nearest_ordinal_beyond_month,
    ),
    KnownDifference(
        "BYSETPOS in the week of DTSTART",
        "3.3.10: BYSETPOS counts in the set of one interval, and a week begins at WKST. dateutil's first week begins at DTSTART.",
        _has_positions_in_week,
        _from_start_of_week,
    ),
)
