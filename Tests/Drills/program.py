"""The program under test, as a process of its own."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`plateau serve`, or another command that listens, on a port that stays the same when it is started again."""

    def __init__(self, path: Path, environment: dict[str, str], log: Path, port: int | None = None) -> None:
        self.path = path
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), "PLATEAU_LOG_LEVEL": "warning", **environment}
        self.log = log
        self.port = port or free_port()
        self.process: asyncio.subprocess.Process | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def number(self) -> int:
        assert self.process is not None
        return self.process.pid

    async def start(self, *arguments: str, within: float = 60) -> float:
        """Gives the seconds from its start to its first readiness."""
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                str(self.path), *(arguments or ("serve",)), "--port", str(self.port), env=self.environment, cwd="/",
                stdout=log, stderr=log, start_new_session=True)
        while not await self.is_ready():
            if self.process.returncode is not None:
                raise RuntimeError(f"the program ended with {self.process.returncode}: {self.last_words()}")
            if time.monotonic() - begun > within:
                raise TimeoutError(f"the program was not ready within {within} s: {self.last_words()}")
            await asyncio.sleep(0.01)
        return time.monotonic() - begun

    async def run(self, *arguments: str) -> str:
        """Runs another command of it to its end; gives what it said."""
        process = await asyncio.create_subprocess_exec(
            str(self.path), *arguments, env=self.environment, cwd="/", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        said, wrong = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"{arguments[0]} ended with {process.returncode}: {wrong.decode()[-2000:]}")
        return said.decode()

    async def is_ready(self) -> bool:
        return await health(self.port) == 200

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        assert self.process is not None
        return await self.process.wait()

    async def stop(self, within: float = 40) -> int:
        """SIGTERM and its exit code; one that does not end is killed and counts as -9."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            self.kill()
            return await self.process.wait()

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def logged(self, level: str) -> Iterator[dict[str, object]]:
        """Its log lines of a level."""
        for line in self.log.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict) and entry.get("level") == level:
                    yield entry


async def health(port: int, path: str = "/readyz", within: float = 2) -> int | None:
    """The status of a health check on a connection of its own; none when there was no answer."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), within)
    except (OSError, TimeoutError):
        return None
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        line = await asyncio.wait_for(reader.readline(), within)
        return int(line.split()[1]) if line else None
    except (OSError, TimeoutError, IndexError, ValueError):
        return None
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def session(**options: object):  # type: ignore[no-untyped-def]
    """HTTP connections without a limit of their own."""
    connector = aiohttp.TCPConnector(limit=0, **options)  # type: ignore[arg-type]
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=35)) as opened:
        yield opened
