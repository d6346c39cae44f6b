#!/usr/bin/env python3
"""Takes each guard away and runs the test that must then turn red: see README.md in this folder.

Usage: Tests/GuardMutation/run [--full] [--seen-green] [--list] [--jobs N] [NAME…]
  --full        one guard at a time, and the slow ones too; otherwise guards with one test are taken away together
  --seen-green  the tests were just seen green with every guard in its place, and need not run that way again
  NAME          only guards whose name contains this
"""

import argparse
import concurrent.futures
import contextlib
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from guards import ROOT, Guard, GuardListFault, batches, portions, read

#: What the tests say when guards were taken away from a database of theirs.
DONE = "Guards removed: "
#: Longer than any of these tests takes; one that hangs without its guard is red too.
PATIENCE = 180


@dataclass
class Run:
    """What a test, or all that share a name, said without some guards."""

    is_green: bool
    said: str

    @property
    def was_mutated(self) -> bool:
        return DONE in self.said

    def shows(self, guard: Guard) -> bool:
        return guard.is_shown(self.said)


@dataclass
class Told:
    """What one process of tests printed, test by test; they run one after the other."""

    said: str
    tests: dict[str, Run] = field(default_factory=dict)
    #: Whether it came to its end, and was neither killed nor fell.
    is_whole: bool = False

    def __post_init__(self) -> None:
        current, lines = None, []
        for line in re.sub("\x1b\\[[0-9;]*m", "", self.said).splitlines():
            if started := re.search(r"Test (\".*\"|\S+\(.*\)) started\.$", line):
                current, lines = started[1], []
            if current is None:
                self.is_whole = self.is_whole or "Test run with " in line
                continue
            lines.append(line)
            # A test that does not come to this hung, or ended the process.
            self.tests[current] = Run(False, "\n".join(lines))
            if ended := re.search(rf"Test {re.escape(current)} (?:with \d+ test cases? )?(passed|failed) after ", line):
                self.tests[current].is_green = ended[1] == "passed"
                current = None

    def run_of(self, red: str) -> Run | None:
        found = [run for name, run in self.tests.items() if red in name]
        return Run(all(run.is_green for run in found), "\n".join(run.said for run in found)) if found else None


def bundle() -> Path:
    path = ROOT / ".build/debug/plateauPackageTests.xctest"
    if not path.exists():
        sys.exit("The tests are not built: run swift build --build-tests")
    return path


@contextlib.contextmanager
def ground():
    """A migrated cluster that has ended: a copy of it is sooner there than one made anew for each run of the tests."""
    with tempfile.TemporaryDirectory(
            prefix="plateau-guards-", dir=os.environ.get("PLATEAU_TEST_DIRECTORY"), ignore_cleanup_errors=True) as directory:
        # PostgreSQL runs as another account and has to pass through.
        os.chmod(directory, 0o711)
        program = bundle().with_name("plateau")
        made = subprocess.run(
            [program, "migrate"], env=os.environ | {"PLATEAU_POSTGRES_STATE_DIRECTORY": f"{directory}/ground"}, capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(made.stderr)
        yield Path(directory)


def run_tests(names: list[str], removals: dict[str, str], place: Path) -> Told:
    """Removals: scripts by the name of the test that loses what they take away."""
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as directory:
        os.chmod(directory, 0o711)
        state, script = f"{directory}/state", f"{directory}/removals.json"
        subprocess.run(["cp", "--archive", place / "ground", state], check=True)
        Path(script).write_text(json.dumps([{"red": red, "script": text} for red, text in removals.items()]))
        filter_ = "|".join(sorted({re.escape(name) for name in names}))
        process = subprocess.Popen(
            [str(bundle()), "--testing-library", "swift-testing", "--no-parallel", "--filter", filter_],
            env=os.environ | {"PLATEAU_TEST_STATE_DIRECTORY": state, "PLATEAU_TEST_MUTATIONS": script}, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return Told("".join(lines_of(process)))


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    """All it prints; it is killed when a test takes too long."""
    lines: list[str] = []
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    for line in process.stdout or ():
        lines.append(line)
        if " started." in line:
            watch.cancel()
            watch = threading.Timer(PATIENCE, process.kill)
            watch.start()
    process.wait()
    watch.cancel()
    return lines


def judge_portion(portion: list[list[Guard]], place: Path) -> list[tuple[list[Guard], list[str]]]:
    """Each batch with its faults. What came after a test that hung or ended the process runs in another."""
    told = run_tests([batch[0].red for batch in portion], {batch[0].red: "\n".join(guard.script for guard in batch) for batch in portion}, place)
    judged, left = [], []
    for batch in portion:
        run = told.run_of(batch[0].red)
        if run is None and not told.is_whole and len(portion) > 1:
            left.append(batch)
        else:
            judged.append((batch, judge(batch, run)))
    if not judged:
        return [(batch, [f"{guard.name}: nothing ran ({told.said[-300:].strip()})" for guard in batch]) for batch in portion]
    return judged + (judge_portion(left, place) if left else [])


def judge(batch: list[Guard], run: Run | None) -> list[str]:
    """Faults: a guard that is not tested, or was not taken away."""
    if run is None:
        return [f"{guard.name}: no test is called “{guard.red}”" for guard in batch]
    if not run.was_mutated:
        reason = next((line for line in run.said.splitlines() if "server " in line or "rror" in line), run.said[-300:])
        return [f"{guard.name}: could not be taken away ({reason.strip()[:300]})" for guard in batch]
    if run.is_green:
        return [f"{guard.name}: taken away, and “{guard.red}” stays green" for guard in batch]
    return [f"{guard.name}: “{guard.red}” is red, but does not say “{guard.shows}”" for guard in batch if not run.shows(guard)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seen-green", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    options = parser.parse_args()
    try:
        guards = read()
    except GuardListFault as fault:
        print(fault)
        return 1
    if options.names:
        guards = [guard for guard in guards if any(name in guard.name for name in options.names)]
    elif not options.full:
        guards = [guard for guard in guards if not guard.is_slow]
    if options.list:
        print(*[f"{guard.name}  →  {guard.red}" for guard in guards], sep="\n")
        return 0
    with ground() as place:
        return take_away(guards, options, place)


def take_away(guards: list[Guard], options: argparse.Namespace, place: Path) -> int:
    begun = time.monotonic()
    if not options.seen_green and not is_green_as_it_is(guards, options, place):
        return 1
    chosen = portions(batches(guards, one_by_one=options.full or bool(options.names)))
    faults: list[str] = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for judged in pool.map(functools.partial(judge_portion, place=place), chosen):
            for batch, found in judged:
                faults += found
                for guard in batch:
                    if not any(fault.startswith(f"{guard.name}: ") for fault in found):
                        print(f"red   {guard.name}", flush=True)
                for fault in found:
                    print(f"FAULT {fault}", flush=True)
    print(f"{len(guards)} guards taken away in {sum(map(len, chosen))} tests, {len(guards) - len(faults)} noticed, {len(faults)} faults"
          f" ({time.monotonic() - begun:.0f} s)")
    return 1 if faults else 0


def is_green_as_it_is(guards: list[Guard], options: argparse.Namespace, place: Path) -> bool:
    """Whether the tests are green with every guard in its place; says so when not."""
    names = sorted({guard.red for guard in guards})
    parts = [part for number in range(options.jobs) if (part := names[number::options.jobs])]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        told = list(pool.map(lambda part: run_tests(part, {}, place), parts))
    red = [run.said for one in told for run in one.tests.values() if not run.is_green]
    if red or not all(one.is_whole and one.tests for one in told):
        print("With every guard in its place:", *red or [one.said[-4000:] for one in told], sep="\n")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
