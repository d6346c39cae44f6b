"""The types that are compared: how to make, store and write down a value of each."""

import random
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

COUNT = 10_000
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ALPHABET = ["a", "Z", "0", " ", "'", '"', "\\", "\n", "é", "ß", "漢", "🚲", "\x01", ",", "{", "}"]
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Codec:
    """One type: its name in SQL, a random value, and what a value is in words that Swift writes the same way."""

    name: str
    make: Callable[[random.Random], Any]
    write: Callable[[Any], str]


def text(source: random.Random) -> str:
    return "".join(source.choice(ALPHABET) for _ in range(source.randint(0, 30)))


def moment(source: random.Random) -> datetime:
    # From year 2 to year 9998, which Python's dates can hold.
    return EPOCH + timedelta(microseconds=source.randint(-63_000_000_000_000_000, 252_000_000_000_000_000))


def day(source: random.Random) -> date:
    return date(2000, 1, 1) + timedelta(days=source.randint(-700_000, 2_900_000))


def number(source: random.Random) -> float:
    while True:
        (value,) = struct.unpack(">d", source.randbytes(8))
        if value == value:
            return value


def moments(source: random.Random) -> asyncpg.Range:
    lower = moment(source)
    upper = lower + timedelta(microseconds=source.randint(1, 10**12)) if lower < datetime(9990, 1, 1, tzinfo=UTC) else None
    return asyncpg.Range(
        lower if source.random() > 0.2 else None,
        upper if source.random() > 0.2 else None,
        lower_inc=source.random() > 0.5,
        upper_inc=source.random() > 0.5,
        empty=source.random() < 0.05,
    )


def days(source: random.Random) -> asyncpg.Range:
    lower = date(2000, 1, 1) + timedelta(days=source.randint(0, 100_000))
    return asyncpg.Range(
        lower if source.random() > 0.2 else None,
        lower + timedelta(days=source.randint(1, 1000)) if source.random() > 0.2 else None,
    )


def write_text(value: str) -> str:
    return value.encode().hex()


def write_moment(value: datetime) -> str:
    return str((value - EPOCH) // MICROSECOND)


def write_day(value: date) -> str:
    return str((value - date(2000, 1, 1)).days)


def write_range(bound: Callable[[Any], str]) -> Callable[[asyncpg.Range], str]:
    def write(value: asyncpg.Range) -> str:
        if value.isempty:
            return "empty"
        lower = "-" if value.lower is None else ("[" if value.lower_inc else "(") + bound(value.lower)
        upper = "-" if value.upper is None else bound(value.upper) + ("]" if value.upper_inc else ")")
        return f"{lower} {upper}"

    return write


def write_list(element: Callable[[Any], str]) -> Callable[[list[Any]], str]:
    return lambda values: ";".join(element(value) for value in values)


def integers(bits: int) -> Callable[[random.Random], int]:
    return lambda source: source.randint(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


CODECS = [
    Codec("bool", lambda source: source.random() < 0.5, lambda value: "true" if value else "false"),
    Codec("int2", integers(16), str),
    Codec("int4", integers(32), str),
    Codec("int8", integers(64), str),
    Codec("float8", number, lambda value: struct.pack(">d", value).hex()),
    Codec("text", text, write_text),
    Codec("uuid", lambda source: uuid.UUID(bytes=source.randbytes(16)), lambda value: value.hex),
    Codec("bytea", lambda source: source.randbytes(source.randint(0, 40)), lambda value: value.hex()),
    Codec("jsonb", lambda source: f'{{"a": {source.randint(-(2**63), 2**63)}}}', write_text),
    Codec("timestamptz", moment, write_moment),
    Codec("date", day, write_day),
    Codec("tstzrange", moments, write_range(write_moment)),
    Codec("daterange", days, write_range(write_day)),
    Codec("int8[]", lambda source: [integers(64)(source) for _ in range(source.randint(0, 6))], write_list(str)),
    Codec("text[]", lambda source: [text(source) for _ in range(source.randint(0, 6))], write_list(write_text)),
    Codec("timestamptz[]", lambda source: [moment(source) for _ in range(source.randint(0, 6))], write_list(write_moment)),
]
