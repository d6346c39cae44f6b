"""A PostgreSQL of the drills' own, which they may kill, starve and lock."""

import asyncio
import os
import signal
import time
from pathlib import Path

import asyncpg

from processes import gone, is_running, kill_family, run_as
from settings import postgres_binaries

SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0777
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 100
max_locks_per_transaction = 256
deadlock_timeout = 100ms
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C.UTF-8'
logging_collector = off
log_line_prefix = '%m [%p] '
"""


class Postgres:
    """A cluster in a directory of its own, run as the account that owns the data; trusts whoever reaches its socket."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.log = directory / "postgres.log"
        owner = self.data.stat()
        self.user, self.group = owner.st_uid, owner.st_gid
        self.process: asyncio.subprocess.Process | None = None
        # Short enough for a socket's address, wherever the data is.
        self.socket = directory / "s"
        self.socket.mkdir(exist_ok=True)
        os.chown(self.socket, self.user, self.group)
        self.settings = directory / "drill.conf"
        rules = directory / "drill_hba.conf"
        self.settings.write_text(f"{SETTINGS}unix_socket_directories = '{self.socket}'\nhba_file = '{rules}'\n")
        rules.write_text("local all all trust\n")
        for path in (directory, self.settings, rules):
            os.chmod(path, 0o755)

    @property
    def postmaster(self) -> int:
        assert self.process is not None
        return self.process.pid

    def address(self, role: str = "plateau_app") -> str:
        return f"host={self.socket} port=5432 user={role} dbname=plateau"

    async def start(self) -> float:
        """Gives the seconds until it accepted connections, recovery included."""
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                str(postgres_binaries() / "postgres"), "-D", str(self.data), "-c", f"config_file={self.settings}",
                stdout=log, stderr=log, start_new_session=True, cwd="/", **run_as(self.user, self.group))
        while True:
            try:
                connection = await self.connect()
            except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError):
                if self.process.returncode is not None:
                    raise RuntimeError(f"PostgreSQL ended: {self.log.read_text()[-2000:]}") from None
                if time.monotonic() - begun > 60:
                    raise TimeoutError(f"PostgreSQL did not start: {self.log.read_text()[-2000:]}") from None
                await asyncio.sleep(0.01)
                continue
            await connection.close()
            return time.monotonic() - begun

    async def kill(self) -> list[int]:
        """SIGKILL to every process of it; gives their numbers once all are gone."""
        assert self.process is not None
        victims = kill_family(self.process.pid)
        await self.process.wait()
        if not await gone(victims):
            raise TimeoutError("a killed process of PostgreSQL still runs")
        return victims

    async def stop(self) -> None:
        if self.process is None or not is_running(self.process.pid):
            return
        self.process.send_signal(signal.SIGINT)
        await self.process.wait()

    async def connect(self, role: str = "plateau_owner") -> asyncpg.Connection:
        return await connect(self.socket, role)


async def connect(
    socket: Path, role: str = "plateau_owner", within: float = 10, patience: float = 0
) -> asyncpg.Connection:
    """A connection; for `patience` seconds it is tried again while the server does not take any."""
    end = time.monotonic() + patience
    while True:
        try:
            return await asyncpg.connect(
                host=str(socket), port=5432, user=role, database="plateau", timeout=within, statement_cache_size=0)
        except (OSError, asyncpg.CannotConnectNowError):
            if time.monotonic() >= end:
                raise
            await asyncio.sleep(0.05)


async def amcheck(socket: Path, user: int, group: int) -> tuple[int, str]:
    """pg_amcheck over the whole database: its exit code, and what it said."""
    check = await asyncio.create_subprocess_exec(
        str(postgres_binaries() / "pg_amcheck"), "--install-missing", "--heapallindexed", "--host", str(socket),
        "--username", "plateau_owner", "plateau",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd="/", **run_as(user, group))
    said, _ = await check.communicate()
    assert check.returncode is not None
    return check.returncode, said.decode()
