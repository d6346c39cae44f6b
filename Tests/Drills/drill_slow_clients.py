"""A thousand clients that are slow on purpose, and one good client that must not notice."""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path

from ground import Ground
from probe import Probe
from processes import open_files
from program import Program
from verdict import Verdict, milliseconds, percentile

COUNT = 1_000
#: The slow have to be there while the good client is measured: by default they would be given up before.
PATIENCE = {f"PLATEAU_HTTP_{part}_SECONDS": "60" for part in ("HEAD", "BODY", "WRITE")}
#: Below this nothing can be told apart on a machine that does other things too.
FLOOR = 0.03
#: Seconds after which a head or a body that does not come to its end is given up, with something for the clock.
GIVEN_UP_WITHIN = 75


async def run(ground: Ground, verdict: Verdict) -> None:
    directory = ground.settings.directory / "slow-clients"
    postgres = ground.postgres(directory)
    await postgres.start()
    program = ground.served(directory, postgres.address(), **PATIENCE)
    try:
        await program.start()
        rounds = ground.settings.choose(2, 4)
        # Warms up what the first requests make.
        await good_client(ground, program, 2)
        pairs = [await one_round(verdict, ground, program, is_last=number == rounds - 1) for number in range(rounds)]
        calm, crowded = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
        limit = max(2 * calm, FLOOR)
        verdict.expect(crowded <= limit, f"p99 of the good client {milliseconds(crowded)} beside them, {milliseconds(calm)} without"
                       f" (at most {milliseconds(limit)}; medians of {rounds} rounds)")
        verdict.expect(await program.is_ready(), "ready at the end")
    finally:
        await program.stop()
        await postgres.stop()


async def one_round(verdict: Verdict, ground: Ground, program: Program, is_last: bool) -> tuple[float, float]:
    """p99 of the good client, alone and in the crowd."""
    calm, failed = await good_client(ground, program, ground.settings.choose(4, 15))
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("slow_clients.py")), str(program.port), str(COUNT), ground.key("company"),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    assert crowd.stdin is not None and crowd.stdout is not None
    connected = json.loads(await crowd.stdout.readline())["connected"]
    # The system takes connections in faster than the server does.
    deadline = time.monotonic() + 20
    while (files := open_files(program.number)) < COUNT and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    crowded, failed_beside = await good_client(ground, program, ground.settings.choose(8, 30))
    if is_last and ground.settings.is_full:
        await asyncio.sleep(GIVEN_UP_WITHIN - 30)
    crowd.stdin.close()
    end = json.loads(await crowd.stdout.readline())
    await crowd.wait()
    verdict.expect(connected >= COUNT and files >= COUNT * 0.9, f"{connected} slow clients connected, {files} open files of the server")
    verdict.expect(failed + failed_beside == 0, f"errors of the good client: {failed} alone, {failed_beside} beside them")
    if is_last:
        verdict.figure("what became of the slow", end["ends"])
        if ground.settings.is_full:
            heads = sum(count for what, count in end["ends"].items() if what.startswith(("slow head: still", "slow body: still")))
            verdict.expect(heads == 0, f"slow heads and bodies that were not given up within {GIVEN_UP_WITHIN} s: {heads}")
    else:
        verdict.expect(end["active"] >= COUNT * 0.9, f"{end['active']} were still slow when the good client was done")
    return calm, crowded


async def good_client(ground: Ground, program: Program, seconds: float) -> tuple[float, int]:
    probe = await Probe.start(
        program.port, seconds, ["/v1/platforms?pageSize=10", "/v1/me"], ground.key("trainingOrganisation"), pause=0.005, is_kept=True)
    answers = [answer for path in (await probe.result()).values() for answer in path]
    return percentile([taken for _, taken in answers], 0.99), sum(status != 200 for status, _ in answers)
