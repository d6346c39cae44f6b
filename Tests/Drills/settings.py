"""What a run of the drills was asked for, and where it keeps its files."""

import os
import resource
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random


@dataclass
class Settings:
    """One run: every random choice follows from its seed."""

    program: Path
    seed: int
    is_full: bool = False
    keeps_files: bool = False
    #: Where the loaded network is kept between runs; made anew for each unless given.
    ground: Path | None = None
    directory: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="plateau-drills-")))

    def __post_init__(self) -> None:
        # PostgreSQL runs as another account and has to pass through.
        self.directory.chmod(0o711)

    def choose(self, short: int, full: int) -> int:
        """A size: small in every run of the tests, whole in a full one."""
        return full if self.is_full else short

    def random(self, salt: str) -> Random:
        """Numbers for one purpose; the same for the same seed."""
        return Random(f"{self.seed}/{salt}")

    def clean_up(self) -> None:
        if self.keeps_files:
            print(f"Kept: {self.directory}")
        else:
            shutil.rmtree(self.directory, ignore_errors=True)


def built_program() -> Path:
    """The program of this checkout: the release build when that is the newer one."""
    root = Path(__file__).resolve().parents[2]
    built = [path for path in (root / ".build/debug/plateau", root / ".build/release/plateau") if path.exists()]
    if not built:
        raise SystemExit("There is no built program. Run `swift build`, or name one with --program.")
    return max(built, key=lambda path: path.stat().st_mtime)


def postgres_binaries() -> Path:
    """Where `postgres` and its tools are."""
    if named := os.environ.get("PLATEAU_POSTGRES_BINARIES"):
        return Path(named)
    for version in (15, 16, 17, 18):
        if (directory := Path(f"/usr/lib/postgresql/{version}/bin")).joinpath("postgres").exists():
            return directory
    found = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def raise_file_limit() -> int:
    """As many open files as the system lets this user have; the processes started later inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
