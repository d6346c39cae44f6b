#!/usr/bin/env python3
"""Takes each guard away and runs the test that must then turn red: see README.md in this folder.

Usage: Tests/GuardMutation/run [--full] [--list] [--jobs N] [NAME…]
  --full  one guard at a time, and the slow ones too; otherwise guards with one test are taken away together
  NAME    only guards whose name contains this
"""

import argparse
import concurrent.futures
import contextlib
import functools
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from guards import ROOT, Guard, GuardListFault, batches, read

#: What TestCluster says when it has taken the guards away.
DONE = "Guards removed: "
#: Longer than any of these tests takes; one that hangs without its guard is red too.
PATIENCE = 180


@dataclass
class Run:
    """What the tests said without some guards."""

    code: int
    said: str

    @property
    def was_mutated(self) -> bool:
        return DONE in self.said

    @property
    def tests(self) -> int:
        found = re.search(r"Test run with (\d+) test", self.said)
        return int(found[1]) if found else 0

    def shows(self, guard: Guard) -> bool:
        return guard.is_shown(self.said)


def bundle() -> Path:
    path = ROOT / ".build/debug/plateauPackageTests.xctest"
    if not path.exists():
        sys.exit("The tests are not built: run swift build --build-tests")
    return path


@contextlib.contextmanager
def ground():
    """A migrated cluster that has ended: a copy of it is sooner there than one made anew for each run of the tests."""
    with tempfile.TemporaryDirectory(prefix="plateau-guards-", ignore_cleanup_errors=True) as directory:
        # PostgreSQL runs as another account and has to pass through.
        os.chmod(directory, 0o711)
        program = bundle().with_name("plateau")
        made = subprocess.run(
            [program, "migrate"], env=os.environ | {"PLATEAU_POSTGRES_STATE_DIRECTORY": f"{directory}/ground"}, capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(made.stderr)
        yield Path(directory)


def run_tests(names: list[str], mutation: str | None, place: Path) -> Run:
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as directory:
        os.chmod(directory, 0o711)
        state = f"{directory}/state"
        subprocess.run(["cp", "--archive", place / "ground", state], check=True)
        return run_tests_in(state, names, mutation)


def run_tests_in(state: str, names: list[str], mutation: str | None) -> Run:
    environment = os.environ | {"PLATEAU_TEST_STATE_DIRECTORY": state}
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        if mutation is not None:
            script.write(mutation)
            script.flush()
            os.chmod(script.name, 0o644)
            environment["PLATEAU_TEST_MUTATION"] = script.name
        filter_ = "|".join(sorted({re.escape(name) for name in names}))
        try:
            done = subprocess.run(
                [str(bundle()), "--testing-library", "swift-testing", "--no-parallel", "--filter", filter_],
                env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                timeout=PATIENCE)
        except subprocess.TimeoutExpired as late:
            said = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else late.stdout or ""
            return Run(-1, said)
    return Run(done.returncode, done.stdout)


def judge(batch: list[Guard], place: Path) -> list[str]:
    """Faults: a guard that is not tested, or was not taken away."""
    run = run_tests([guard.red for guard in batch], "\n".join(guard.script for guard in batch), place)
    if not run.was_mutated:
        reason = next((line for line in run.said.splitlines() if "server " in line or "rror" in line), run.said[-300:])
        return [f"{guard.name}: could not be taken away ({reason.strip()[:300]})" for guard in batch]
    if run.code == 0:
        return [f"{guard.name}: taken away, and “{guard.red}” stays green" for guard in batch]
    return [f"{guard.name}: “{guard.red}” is red, but does not say “{guard.shows}”" for guard in batch if not run.shows(guard)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--full", action="store_true")
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
    calm = run_tests([guard.red for guard in guards], None, place)
    if calm.code != 0 or calm.tests == 0:
        print(calm.said[-4000:])
        print(f"With every guard in its place {calm.tests} tests ran, with exit code {calm.code}.")
        return 1
    missing = [guard for guard in guards if guard.red not in calm.said]
    faults = [f"{guard.name}: no test is called “{guard.red}”" for guard in missing]
    chosen = batches([guard for guard in guards if guard not in missing], one_by_one=options.full or bool(options.names))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for batch, found in zip(chosen, pool.map(functools.partial(judge, place=place), chosen), strict=True):
            faults += found
            for guard in batch:
                if not any(fault.startswith(f"{guard.name}: ") for fault in found):
                    print(f"red   {guard.name}", flush=True)
            for fault in found:
                print(f"FAULT {fault}", flush=True)
    print(f"{len(guards)} guards taken away in {len(chosen)} runs of tests, {len(guards) - len(faults)} noticed, {len(faults)} faults"
          f" ({time.monotonic() - begun:.0f} s)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
