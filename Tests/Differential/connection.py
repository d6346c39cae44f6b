"""Where the private server is, and where notes are kept."""

import os
from pathlib import Path

import asyncpg

NOTES = Path(os.environ["PLATEAU_DIFFERENTIAL_NOTES"])


async def connect() -> asyncpg.Connection:
    return await asyncpg.connect(host=os.environ["PLATEAU_DIFFERENTIAL_SERVER"], user="postgres", database="postgres")


def table(writer: str, name: str) -> str:
    """The table that holds the values of one type from one writer."""
    return f"from_{writer}_{name.replace('[]', '_list')}"


def notes(kind: str, name: str) -> list[str]:
    """The lines noted of one type, in the order of the rows."""
    return (NOTES / f"{kind}-{name.replace('[]', '_list')}.txt").read_text().split("\n")[:-1]
