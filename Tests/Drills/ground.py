"""The data that every drill begins with: the demo network, loaded once by the program itself and copied for each drill."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from postgres import Postgres
from program import Program
from settings import Settings, postgres_binaries


@dataclass
class Ground:
    """A state directory with the demo network in it, and the keys that the network handed out."""

    settings: Settings
    state: Path
    keys: dict[str, dict[str, str]]

    @classmethod
    async def make(cls, settings: Settings) -> "Ground":
        state = settings.ground or settings.directory / "ground"
        if state.joinpath("demo.json").exists():
            return cls(settings, state, cls.keys_in(state))
        demo = settings.directory / "demo.json"
        program = Program(settings.program, cls.environment(state), settings.directory / "ground.log")
        await program.start("start", "--output", str(demo), within=180)
        code = await program.stop()
        if code != 0:
            raise RuntimeError(f"the program ended with {code}: {program.last_words()}")
        return cls(settings, state, cls.keys_in(state))

    @staticmethod
    def keys_in(state: Path) -> dict[str, dict[str, str]]:
        kept = json.loads(state.joinpath("demo.json").read_text())
        return {name: held for name, held in kept.items() if isinstance(held, dict)}

    @staticmethod
    def environment(state: Path) -> dict[str, str]:
        """Of a program that runs a PostgreSQL of its own there. No limit stands between a drill and the fault that it looks for."""
        return {
            "PLATEAU_POSTGRES_STATE_DIRECTORY": str(state), "PLATEAU_POSTGRES_BINARIES": str(postgres_binaries()), **NO_LIMITS,
        }

    def copy(self, directory: Path) -> Path:
        """A state directory of its own for one drill, owners and modes kept."""
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o711)
        state = directory / "state"
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.state), str(state)], check=True)
        return state

    def postgres(self, directory: Path) -> Postgres:
        """A cluster with the network in it, that the drill runs itself."""
        state = self.copy(directory)
        own = directory / "postgres"
        own.mkdir()
        shutil.move(state / "data", own / "data")
        return Postgres(own)

    def served(self, directory: Path, address: str, port: int | None = None, **environment: str) -> Program:
        """The program on a database that somebody else runs."""
        log = directory / f"program-{len(list(directory.glob('program-*')))}.log"
        given = {"PLATEAU_DATABASE_URL": address, "PLATEAU_SECRETS_ROOT": self.secret, **NO_LIMITS, **environment}
        return Program(self.settings.program, given, log, port)

    @property
    def secret(self) -> str:
        return self.state.joinpath("root-secret").read_text().strip()

    def key(self, role: str) -> str:
        return self.keys[role]["key"]

    def organisation(self, role: str) -> str:
        return self.keys[role]["organisationId"]


#: What keeps one caller from pushing others aside would here keep the drill from its load.
NO_LIMITS = {
    "PLATEAU_LIMITS_REQUESTS_PER_KEY": "0", "PLATEAU_LIMITS_REQUESTS_PER_ADDRESS": "0", "PLATEAU_LIMITS_FAILURES_PER_ADDRESS": "0",
    "PLATEAU_HTTP_CONNECTIONS_PER_ADDRESS": "0",
}

#: Whether this user may mount a small filesystem.
IS_ROOT = os.getuid() == 0
