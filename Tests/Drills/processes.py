"""Processes of the system: their children, their end."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any


def children_of(process: int) -> list[int]:
    """The direct children, from /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == process and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def kill_family(process: int) -> list[int]:
    """Sends SIGKILL to a process and its children at one stroke; gives those that it reached."""
    reached = []
    # Stopped first, so that the parent neither sees a child die nor starts another.
    os.kill(process, signal.SIGSTOP)
    for member in [process, *children_of(process)]:
        try:
            os.kill(member, signal.SIGKILL)
            reached.append(member)
        except ProcessLookupError:
            continue
    return reached


async def gone(processes: list[int], within: float = 10) -> bool:
    """Waits until none of them runs."""
    deadline = time.monotonic() + within
    while any(is_running(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.01)
    return True


def open_files(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))


def run_as(user: int, group: int) -> dict[str, Any]:
    """How to start a process as another account; only root needs and may."""
    return {"user": user, "group": group, "extra_groups": []} if os.getuid() == 0 else {}
