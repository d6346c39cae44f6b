"""The disk of PostgreSQL is filled to its last block under load, and freed again."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from api import API
from client import Client
from ground import IS_ROOT, Ground
from history import History, now
from ledger import compare
from load import Load, Mix, clients
from postgres import connect
from processes import gone, kill_family
from program import Program, session
from verdict import Verdict, percentile
from workshop import Workshop

#: Seconds from the moment when space is free again to the next acknowledgement.
HEALED_WITHIN = 2.0
#: Seconds for which reads go on beside a full disk.
READ_WITHIN = 2.0


async def run(ground: Ground, verdict: Verdict) -> None:
    if not IS_ROOT:
        verdict.skipped = "only root can mount a small filesystem"
        return
    directory = ground.settings.directory / "disk-full"
    directory.mkdir()
    with small_filesystem(directory, size_of(ground.state) + 120) as mount:
        state = ground.copy(mount)
        program = Program(ground.settings.program, ground.environment(state), directory / "program.log")
        history = History("disk")
        try:
            await program.start()
            async with session() as http:
                await fill_and_free(ground, verdict, program, http, history, mount, state)
        finally:
            await program.stop()


async def fill_and_free(  # type: ignore[no-untyped-def]
    ground: Ground, verdict: Verdict, program: Program, http, history: History, mount: Path, state: Path
) -> None:
    workshop = await Workshop.make(http, program.base, ground, size=10)
    callers = clients(http, program.base, ground, history, 8, "disk")
    load = Load(callers, workshop, Mix(cancellations=0.2))
    await asyncio.sleep(1)
    reads = Reads(callers[0])
    ballast = mount / "ballast"
    # PostgreSQL may still write into what it has; the fault begins with the first write that finds no room.
    filler = asyncio.create_task(keep_full(ballast))
    while not (first := first_refusal(history)) and len(history.acknowledgements) < 200_000 and not filler.done():
        await asyncio.sleep(0.05)
    acknowledged_before = len(history.acknowledgements)
    full_from = now()
    await reads.go_on(ground.settings.choose(4, 15))
    full_until = now()
    said, free = no_space(program), os.statvfs(mount).f_bavail
    filler.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await filler
    ballast.unlink()
    freed = now()
    while history.first_acknowledgement(freed) == float("inf") and now() - freed < 30:
        await asyncio.sleep(0.01)
    healed = history.first_acknowledgement(freed) - freed
    await asyncio.sleep(1)
    await load.stop()
    # What was acknowledged with the last block is on the disk, not only in memory.
    victims = kill_family(int(state.joinpath("data/postmaster.pid").read_text().split()[0]))
    await gone(victims)
    # Readiness says what it saw a moment ago; the database itself is asked.
    await (await connect(state / "socket", patience=60)).close()
    await compare(verdict, state / "socket", history, workshop.resources)
    during = [moment for moment in history.acknowledgements if full_from + 0.5 < moment < full_until]
    verdict.expect(said > 0 and free == 0, f"the disk was full: {free} free blocks, {said} refusals of PostgreSQL with SQLSTATE 53100")
    verdict.expect(first, "a write was answered 503 with Retry-After")
    attempted = sum(full_from + 0.5 < attempt.sent < full_until for booking in history.bookings for attempt in booking.attempts)
    # What fits into blocks that the database already has may be acknowledged; it is checked like all others.
    verdict.expect(len(during) <= attempted * 0.1, f"acknowledged, within blocks that it had, while the disk was full: {len(during)}"
                   f" of {attempted} attempts")
    verdict.figure("killed afterwards", f"{len(victims)} processes of PostgreSQL, before the comparison")
    verdict.expect(reads.worked > 0 and not reads.failed, f"reads beside it: {reads.worked} answered, {len(reads.failed)} failed"
                   f"{' ' + reads.failed[0] if reads.failed else ''}")
    verdict.expect(percentile(reads.seconds, 0.99) < READ_WITHIN, f"p99 of these reads {percentile(reads.seconds, 0.99):.2f} s")
    verdict.expect(healed <= HEALED_WITHIN, f"an acknowledgement {healed:.2f} s after space was free (at most {HEALED_WITHIN} s)")
    verdict.figure("acknowledged before", acknowledged_before)
    verdict.figure("history", history.summary)


class Reads:
    """A reader that goes on all the while."""

    def __init__(self, client: Client) -> None:
        self.api = API(client.session, client.base, client.key)
        self.worked = 0
        self.failed: list[str] = []
        self.seconds: list[float] = []

    async def go_on(self, length: float) -> None:
        end = now() + length
        while now() < end:
            begun = now()
            status, _, document = await self.api.send("GET", "/v1/platforms?pageSize=5")
            self.seconds.append(now() - begun)
            if status == 200:
                self.worked += 1
            else:
                self.failed.append(f"{status} {document}")
            await asyncio.sleep(0.02)


def first_refusal(history: History) -> bool:
    return any(status.startswith(("503", "507", "500")) for status in history.statuses)


async def keep_full(ballast: Path) -> None:
    """Takes every block, and again each that becomes free."""
    file = os.open(ballast, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        while True:
            for block in (4_194_304, 65_536, 4_096):
                with contextlib.suppress(OSError):
                    while os.write(file, b"\1" * block) == block:
                        await asyncio.sleep(0)
            await asyncio.sleep(0.05)
    finally:
        os.close(file)


def no_space(program: Program) -> int:
    """How often PostgreSQL refused for want of space (SQLSTATE 53100), by the log of the program: its own lies on the full disk."""
    return program.log.read_text(errors="replace").count("53100")


def size_of(directory: Path) -> int:
    """In megabytes."""
    said = subprocess.run(["du", "-sm", str(directory)], check=True, capture_output=True, text=True)
    return int(said.stdout.split()[0])


@contextlib.contextmanager
def small_filesystem(directory: Path, megabytes: int) -> Iterator[Path]:
    """ext4 in a file where a loop device can be had, else tmpfs: no reserve, so that full means full."""
    mount = directory / "mount"
    mount.mkdir()
    image = directory / "image"
    with image.open("wb") as file:
        file.truncate(megabytes * 1_048_576)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(mount)], capture_output=True).returncode != 0:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(mount)], check=True)
    try:
        yield mount
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)
