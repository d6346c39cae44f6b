#!/usr/bin/env python3
"""One patient client in a process of its own: asks, waits, asks again, and prints how long each answer took.

What else the drill does cannot slow it down. Started by `Probe`; prints one JSON list of [path, status, seconds].
"""

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

#: A probe that waits longer counts the answer as missing.
LONGEST = 10.0


class Connection:
    """One HTTP connection, opened anew when it was closed."""

    def __init__(self, port: int, key: str, is_kept: bool) -> None:
        self.port, self.key, self.is_kept = port, key, is_kept
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str) -> int | None:
        try:
            return await asyncio.wait_for(self.exchange(path), LONGEST)
        except (OSError, TimeoutError, ValueError, IndexError, asyncio.IncompleteReadError):
            self.close()
            return None

    async def exchange(self, path: str) -> int:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        manner = "keep-alive" if self.is_kept else "close"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\nConnection: {manner}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
        await reader.readexactly(length)
        if not self.is_kept or "connection: close" in head:
            self.close()
        return int(head.split()[1])

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


async def main(port: int, seconds: float, pause: float, key: str, is_kept: bool, paths: list[str]) -> None:
    connections = [Connection(port, key, is_kept) for _ in paths]
    taken: list[tuple[str, int | None, float]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for connection, path in zip(connections, paths, strict=True):
            begun = time.monotonic()
            status = await connection.ask(path)
            taken.append((path, status, time.monotonic() - begun))
        await asyncio.sleep(pause)
    print(json.dumps(taken))


class Probe:
    """A probe at work; `result` waits for its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(
        cls, port: int, seconds: float, paths: list[str], key: str = "none", pause: float = 0.02, is_kept: bool = False
    ) -> "Probe":
        return cls(await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__)), str(port), str(seconds), str(pause), key, str(int(is_kept)), *paths,
            stdout=asyncio.subprocess.PIPE))

    async def result(self) -> dict[str, list[tuple[int | None, float]]]:
        """Of each path: statuses with seconds."""
        said, _ = await self.process.communicate()
        answers: dict[str, list[tuple[int | None, float]]] = {}
        for path, status, seconds in json.loads(said):
            answers.setdefault(path, []).append((status, seconds))
        return answers


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        port, seconds, pause, key, is_kept, *paths = sys.argv[1:]
        asyncio.run(main(int(port), float(seconds), float(pause), key, is_kept == "1", paths))
