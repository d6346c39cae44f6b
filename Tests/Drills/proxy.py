"""A TCP proxy between the server and PostgreSQL that cuts connections at the worst moment."""

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from random import Random

from wire import COMMITS, ClientStream, ServerStream

#: Where to cut: before the commit is passed on; right behind it; when its answer has arrived and was not passed on.
MOMENTS = ("before", "behind", "answered")


class CuttingProxy:
    """Passes everything on until it is asked to cut: then the next commits are cut, one each."""

    def __init__(self, socket: Path, random: Random) -> None:
        self.socket = socket
        self.random = random
        self.to_cut = 0
        self.cuts: Counter[str] = Counter()
        self.server: asyncio.Server | None = None

    async def start(self) -> int:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self.server is not None
        self.server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream = await asyncio.open_unix_connection(str(self.socket / ".s.PGSQL.5432"))
        except OSError:
            writer.close()
            return
        link = Link(self, (reader, writer), upstream)
        await link.run()

    def choose(self) -> str | None:
        """Where to cut the commit that is passing now, if at all."""
        if self.to_cut == 0:
            return None
        self.to_cut -= 1
        moment = self.random.choice(MOMENTS)
        self.cuts[moment] += 1
        return moment


Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy: CuttingProxy, client: Pair, upstream: Pair) -> None:
        self.proxy = proxy
        self.client = client
        self.upstream = upstream
        #: Answers are swallowed until the server has been ready so often.
        self.swallows_until: int | None = None
        #: How often the server will have been ready when it has answered all: at its start, and after each of these.
        self.expected_ready = 1

    async def run(self) -> None:
        down = asyncio.create_task(self.pass_down())
        up = asyncio.create_task(self.pass_up())
        await asyncio.wait([down, up], return_when=asyncio.FIRST_COMPLETED)
        for task in (down, up):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await task
        for _, writer in (self.client, self.upstream):
            writer.close()

    async def pass_up(self) -> None:
        """From the client to PostgreSQL, message by message; returns where the connection is cut."""
        stream = ClientStream(COMMITS)
        while data := await self.client[0].read(65_536):
            for message, commits in stream.take(data):
                moment = self.proxy.choose() if commits else None
                if moment == "before":
                    return
                self.expected_ready += message[:1] in (b"S", b"Q")
                if moment == "answered":
                    self.swallows_until = self.expected_ready
                self.upstream[1].write(message)
                if moment == "behind":
                    await self.upstream[1].drain()
                    # PostgreSQL still reads what was sent; nobody hears what it says.
                    self.upstream[1].write_eof()
                    return
            await self.upstream[1].drain()

    async def pass_down(self) -> None:
        """From PostgreSQL to the client; returns when what was to be swallowed is complete, so that the commit is certainly over."""
        stream = ServerStream()
        while data := await self.upstream[0].read(65_536):
            stream.take(data)
            if self.swallows_until is None:
                self.client[1].write(data)
                await self.client[1].drain()
            elif stream.ready >= self.swallows_until:
                return
