"""Compares recorded expansions with those of python-dateutil. Status 1 when any differs, or when there are too few."""
from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from known_differences import KNOWN_DIFFERENCES
from oracle import WINDOW, Answer, Case, occurrences

FEWEST_CASES = 5_000


def difference(recorded: dict[str, Any], expected: Answer) -> str | None:
    """The first thing in which the two differ, in words: local times first, then what the zone makes of them."""
    last = datetime.fromisoformat(recorded["start"]) + WINDOW
    found = [(local, start) for local, start in recorded["occurrences"] if datetime.fromisoformat(local) <= last]
    ends_at_window = len(found) < len(recorded["occurrences"]) or recorded["isCut"] and not expected.is_cut and expected.is_open
    for index, (ours, theirs) in enumerate(zip(found, expected.occurrences)):
        if ours[0] != theirs[0]:
            return f"local time {index + 1}: {ours[0]}, dateutil {theirs[0]}"
        if ours[1] != theirs[1]:
            return f"instant {index + 1} of {ours[0]}: {ours[1]}, zoneinfo {theirs[1]}"
    if len(found) != len(expected.occurrences):
        return f"{len(found)} occurrences, dateutil {len(expected.occurrences)}"
    if recorded["isCut"] != expected.is_cut and not ends_at_window:
        return f"more to come: {recorded['isCut']}, dateutil {expected.is_cut}"
    return None


def compare(lines: list[str]) -> tuple[int, int, list[str], Counter[str]]:
    """How many rules and occurrences were compared, what differs, and how often each known difference was met."""
    used: Counter[str] = Counter()
    faults: list[str] = []
    total = 0
    for line in lines:
        recorded = json.loads(line)
        case = Case(recorded["text"], recorded["zone"], datetime.fromisoformat(recorded["start"]), recorded["limit"])
        expected = occurrences(case, used)
        total += len(expected.occurrences)
        fault = difference(recorded, expected)
        if fault:
            faults.append(f"{case.text!r} from {recorded['start']} in {case.zone}, at most {case.limit}: {fault}")
    return len(lines), total, faults, used


def main(path: str) -> int:
    rules, total, faults, used = compare(Path(path).read_text(encoding="utf-8").splitlines())
    for fault in faults[:20]:
        print(fault)
    for known in KNOWN_DIFFERENCES:
        print(f"known difference, asked so that it is none: {known.name}, {used[known.name]} times")
        if used[known.name] == 0:
            print("  never met: remove it")
            faults.append(known.name)
    if rules < FEWEST_CASES:
        print(f"only {rules} rules; at least {FEWEST_CASES} are to be compared")
        return 1
    print(f"{rules} rules, {total} occurrences compared, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: compare.py FILE.jsonl")
    sys.exit(main(sys.argv[1]))
