#!/usr/bin/env python3
"""Runs the drills one after the other and says what each found."""

import argparse
import asyncio
import importlib
import secrets
import sys
import time
import traceback
from pathlib import Path

from ground import Ground
from settings import Settings, built_program, raise_file_limit
from verdict import Verdict

#: In the order in which they run.
DRILLS = (
    "race", "server-killed", "database-killed", "commit-cut", "disk-full", "exhaustion", "retry-storm", "slow-clients", "graceful-stop",
    "label-decision", "hostile-rules",
)


async def run_one(name: str, ground: Ground) -> Verdict:
    verdict = Verdict(name)
    drill = importlib.import_module(f"drill_{name.replace('-', '_')}")
    begun = time.monotonic()
    try:
        await drill.run(ground, verdict)
    except Exception as error:  # noqa: BLE001 - one drill that breaks must not hide what the others find
        traceback.print_exc()
        verdict.expect(False, f"the drill itself ended with {type(error).__name__}: {error}")
    verdict.figure("took", f"{time.monotonic() - begun:.0f} s")
    print(*verdict.lines(), sep="\n", flush=True)
    return verdict


async def run_all(names: list[str], settings: Settings) -> list[Verdict]:
    ground = await Ground.make(settings)
    return [await run_one(name, ground) for name in names]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drills", nargs="*", metavar="DRILL", help="; ".join(DRILLS))
    parser.add_argument("--full", action="store_true", help="as long and as often as promised; otherwise a short form")
    parser.add_argument("--seed", type=int, help="repeats the random choices of an earlier run")
    parser.add_argument("--program", type=Path, help="the program under test; the newest build of this checkout unless given")
    parser.add_argument("--keep", action="store_true", help="keep data and logs")
    parser.add_argument("--ground", type=Path, help="a directory that keeps the loaded network for further runs of the same build")
    parser.add_argument("--prepare", action="store_true", help="only load the network that --ground keeps")
    parser.add_argument("--list", action="store_true", help="name the drills and end")
    options = parser.parse_args()
    if options.list:
        print(*DRILLS, sep="\n")
        return 0
    if unknown := set(options.drills) - set(DRILLS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; allowed: {', '.join(DRILLS)}")
    if options.prepare and options.ground is None:
        parser.error("--prepare needs --ground")
    seed = secrets.randbits(32) if options.seed is None else options.seed
    raise_file_limit()
    settings = Settings(
        (options.program or built_program()).resolve(), seed, options.full, options.keep, options.ground)
    print(f"seed {seed}; {'full' if options.full else 'short'} form; {settings.program}", flush=True)
    try:
        if options.prepare:
            asyncio.run(Ground.make(settings))
            return 0
        verdicts = asyncio.run(run_all(options.drills or list(DRILLS), settings))
    finally:
        settings.clean_up()
    failed = [verdict.name for verdict in verdicts if not verdict.passed]
    print(f"{len(verdicts) - len(failed)} drills passed, {len(failed)} failed (seed {seed})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
